import Mustache

extension Page {
  /// What the template `page` reads besides the page itself.
  private struct Sheet {
    var page: Page
    var style: String
  }

  private static let templates: MustacheLibrary = {
    do {
      var library = MustacheLibrary()
      for (name, bytes) in [
        ("page", PackageResources.page_mustache), ("figure", PackageResources.figure_mustache),
        ("table", PackageResources.table_mustache),
      ] {
        try library.register(String(decoding: bytes, as: UTF8.self), named: name)
      }
      return library
    } catch {
      preconditionFailure("a template of this package does not parse: \(error)")
    }
  }()

  /// The page as one HTML document that asks for nothing else.
  func render() -> String {
    let sheet = Sheet(page: self, style: String(decoding: PackageResources.style_css, as: UTF8.self))
    guard let html = Self.templates.render(sheet, withTemplate: "page") else {
      preconditionFailure("the template “page” is not registered")
    }
    return html
  }
}
