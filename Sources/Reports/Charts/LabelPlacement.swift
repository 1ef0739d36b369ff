/// Puts names beside points so that they cover neither points nor each other.
enum LabelPlacement {
  /// Where a name stands: its baseline's start, or its end where it stands left of its point.
  struct Place {
    var x: Double
    var y: Double
    var anchor: Drawing.Anchor
  }

  private struct Box {
    var left: Double
    var right: Double
    var top: Double
    var bottom: Double

    func overlaps(_ other: Box) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }
  }

  /// A place for each name, nil where there is no room and the legend must do; the first names choose first, right
  /// before left, level before below.
  ///
  /// - Parameter clearance: how far from the middle of a point no letter stands.
  static func places(
    for names: [String], at centers: [(x: Double, y: Double)], in area: PlotArea, clearance: Double = 7
  ) -> [Place?] {
    var taken = centers.map {
      Box(left: $0.x - clearance, right: $0.x + clearance, top: $0.y - clearance, bottom: $0.y + clearance)
    }
    return zip(names, centers).map { name, center in
      let width = Drawing.width(of: name)
      for below in [4.5, 18, -9] {
        for anchor in [Drawing.Anchor.start, .end] {
          let place = Place(
            x: center.x + (anchor == .start ? 10 : -10), y: center.y + below, anchor: anchor)
          let left = anchor == .start ? place.x : place.x - width
          let box = Box(left: left, right: left + width, top: place.y - 11, bottom: place.y + 3)
          if box.left < area.left || box.right > area.right || taken.contains(where: { $0.overlaps(box) }) { continue }
          taken.append(box)
          return place
        }
      }
      return nil
    }
  }
}
