/// Which branches of a tree are open, and so which of its nodes are seen.
enum TreePlan {
  /// How far below the trunk a node is.
  static func depth(_ node: any Listed) -> Int { node.key.count { $0 == "." } }

  /// The trunk is open and its branches closed, unless they were turned by hand.
  static func isOpen(_ node: any Listed, turned: Set<String>) -> Bool {
    (depth(node) == 0) != turned.contains(node.key)
  }

  /// Nodes of which everything above is open. Each stands behind what it is below.
  static func visible(_ nodes: [any Listed], turned: Set<String>) -> [any Listed] {
    var open: Set<String> = []
    return nodes.filter { node in
      guard node.branch.map(open.contains) ?? true else { return false }
      if isOpen(node, turned: turned) { open.insert(node.key) }
      return true
    }
  }
}
