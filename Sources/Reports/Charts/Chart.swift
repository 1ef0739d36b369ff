/// A picture of figures.
protocol Chart {
  /// Draws it for the figure with this identifier, which names it for screen readers.
  func svg(id: String, title: String, description: String) -> String
}
