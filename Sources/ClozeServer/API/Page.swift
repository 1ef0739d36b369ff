/// What a browser shows at `/`: one page, its style and its script, without anything from elsewhere.
enum Page {
  static var html: APIResponse { file(PackageResources.page_html, "text/html; charset=utf-8") }
  static var script: APIResponse { file(PackageResources.cloze_js, "text/javascript; charset=utf-8") }
  static var style: APIResponse { file(PackageResources.cloze_css, "text/css; charset=utf-8") }

  private static func file(_ bytes: [UInt8], _ type: String) -> APIResponse {
    var response = APIResponse(contentType: type, body: bytes)
    response.headers = [
      (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
      ),
      ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"), ("cache-control", "no-cache"),
    ]
    return response
  }
}

/// The description of the interface for machines.
enum OpenAPI {
  static var text: [UInt8] { PackageResources.openapi_json }
}
