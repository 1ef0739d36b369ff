/// Puts names beside points so that they cover neither points nor each other, as far as there is room.
enum LabelPlacement {
  private struct Box {
    var left: Double
    var right: Double
    var top: Double
    var bottom: Double

    func overlaps(_ other: Box) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }
  }

  /// Where each name starts, on its baseline; the first names choose first, right before left, level before below.
  static func places(
    for names: [String], at centers: [(x: Double, y: Double)], in area: PlotArea
  ) -> [(x: Double, y: Double)] {
    var taken = centers.map { Box(left: $0.x - 7, right: $0.x + 7, top: $0.y - 7, bottom: $0.y + 7) }
    var places: [(x: Double, y: Double)] = []
    for (name, center) in zip(names, centers) {
      let width = Drawing.width(of: name)
      var choices: [(x: Double, y: Double)] = []
      for below in [4.5, 18, -9] {
        choices.append((center.x + 10, center.y + below))
        choices.append((center.x - 10 - width, center.y + below))
      }
      let boxes = choices.map { Box(left: $0.x, right: $0.x + width, top: $0.y - 11, bottom: $0.y + 3) }
      let free = boxes.firstIndex { box in
        box.left >= area.left && box.right <= area.right && !taken.contains { $0.overlaps(box) }
      }
      let chosen = free ?? (center.x > (area.left + area.right) / 2 ? 1 : 0)
      taken.append(boxes[chosen])
      places.append(choices[chosen])
    }
    return places
  }
}
