extension RoleAssignment {
  /// Finds the group, the kinds and the ratings, which a log need not have.
  mutating func assignRest() {
    if let names = evidence.names {
      if isOpen(.group) {
        for position in ColumnRole.group.positions(in: names) where isFree(position) {
          let profile = evidence.profiles[position]
          guard profile.mayBeID || profile.time.map({ !isWritten($0.form) }) == true else { continue }
          if profile.present * 100 >= profile.values.count * 99 {
            set(.group, position, .name)
          } else if !profile.isEmpty {
            note(
              "\(evidence.called(position)) is not taken as the group, since many rows have none; "
                + "\(evidence.columnsOption([(.group, position)])) takes it")
          }
          break
        }
      }
      for role in [ColumnRole.kind, .rating] where isOpen(role) {
        let fitting = role.positions(in: names).first { position in
          let profile = evidence.profiles[position]
          return isFree(position) && (role == .kind ? profile.isKindColumn : profile.isNumeric)
        }
        if let fitting { set(role, fitting, .name) }
      }
      return
    }
    if isOpen(.kind),
      let position = evidence.profiles.indices.first(where: { position in
        isFree(position) && evidence.profiles[position].holdsEventWords
      })
    {
      set(.kind, position, .values)
    }
    // MovieLens and its like: user, item, rating, time.
    if isOpen(.rating), evidence.options.filter.minimumRating != nil, evidence.profiles.count >= 3, isFree(2),
      evidence.profiles[2].isScale,
      position(of: .user).map({ $0 < 2 }) == true, position(of: .item).map({ $0 < 2 }) == true
    {
      set(.rating, 2, .place)
    }
  }

  private func isWritten(_ form: TimeForm) -> Bool {
    if case .unix = form { return false }
    return true
  }
}

extension ColumnProfile {
  /// Few different values that are no measure.
  fileprivate var isKindColumn: Bool {
    !isEmpty && time == nil && !isFractional && distinct <= 40 && (isKinds || present < 40)
  }

  /// Whether most values are words of what users do.
  var holdsEventWords: Bool {
    guard !isEmpty, !isNumeric, distinct <= 20 else { return false }
    let words = values.count { value in
      Self.eventWords.contains(ColumnRole.plain(String(decoding: value, as: UTF8.self)))
    }
    return share(words) >= 0.5
  }

  private static let eventWords: Set<String> = [
    "view", "views", "click", "clicks", "pv", "buy", "bought", "purchase", "purchases", "cart", "carts", "addtocart",
    "fav", "favorite", "like", "likes", "play", "order", "orders", "transaction", "wishlist", "removefromcart",
    "impression", "share", "rate", "save", "download", "search", "checkout", "complete", "read", "listen", "watch",
  ]
}
