/// One page against its baseline: replaced, changed, or as it was; and what is learned from the look.
///
/// What changes by itself is learned by place: a block whose text was another at two looks is volatile, and so is one
/// that comes and goes. The first looks are taken over as they come; after them the baseline stays what it is until
/// somebody accepts another, and a difference that neither moves nor goes away is told at every look. Only lasting blocks speak of replacement, so a page of news, whose headlines are all new after
/// a day, is judged by its frame. A page judged replaced teaches nothing: it stays replaced until the old one is back.
struct BaselineComparison {
  let known: Baseline.Layers
  let now: PageLayers
  private let volatile: Set<UInt32>
  private let lasting: Set<PageLayers.Block>

  /// Characters of lasting text under which it says nothing.
  private static let textFloor = 120
  /// Shares kept under which a layer counts as replaced.
  private static let textReplaced = 0.3
  private static let skeletonReplaced = 0.25
  private static let titleSwapped = 0.2
  private static let volatileLimit = 300

  init(_ known: Baseline.Layers, _ now: PageLayers) {
    (self.known, self.now) = (known, now)
    volatile = Set(HexWords.words(known.volatile))
    lasting = PageLayers.Block.list(known.blocks)
  }

  enum Verdict: Equatable {
    case same
    /// Another text outside the volatile regions; or only learning yet.
    case changed(String)
    case replaced(String)
    case notDetermined(String)
  }

  var verdict: Verdict {
    if now.exact == known.exact { return .same }
    // What says by no length that it is whole, and lacks its end, shows nothing by what it lacks.
    if known.isEnded, !now.isEnded, !now.isFramed, !isTitleSwapped { return .notDetermined("the page came incomplete") }
    let replaced = replacement
    if !replaced.isEmpty { return .replaced(replaced.joined(separator: "; ")) }
    let moved = changedPaths.subtracting(volatile)
    if isTitleChanged { return .changed("title \"\(Shown.text(known.title))\", now \"\(Shown.text(now.title))\"") }
    return moved.isEmpty ? .same : .changed("\(moved.count) of \(paths.count) regions")
  }

  /// Two layers, or one that has held over several looks.
  private var replacement: [String] {
    var found: [String] = []
    let isLearned = known.looks >= 2
    if isTitleSwapped {
      found.append("title \"\(Shown.text(known.title))\", now \"\(Shown.text(now.title))\"")
    }
    let described = [(known.keywords, now.keywords), (known.description, now.description)].filter {
      !$0.0.isEmpty && !$0.1.isEmpty && Wording.likeness($0.0, $0.1) < BaselineComparison.titleSwapped
    }
    if !described.isEmpty { found.append("keywords or description swapped") }
    let isTextGone = textKept.map { $0 < BaselineComparison.textReplaced } ?? false
    if isTextGone, let kept = textKept { found.append("\(Int((1 - kept) * 100)) % of the lasting text gone") }
    let likeness = now.skeleton.likeness(MinimumHashes(hexadecimal: known.skeleton, count: Baseline.skeletonHashes))
    let isSkeletonGone = likeness.map { $0 < BaselineComparison.skeletonReplaced } ?? false
    if isSkeletonGone { found.append("another skeleton") }
    if found.count >= 2 { return found }
    // A title that held, or lasting text, is enough alone; a skeleton alone is a new design round the same text.
    return isLearned && (isTitleSwapped || isTextGone) ? found : []
  }

  private var isTitleChanged: Bool { !known.isTitleVolatile && known.title != now.title }
  private var isTitleSwapped: Bool {
    isTitleChanged && !known.title.isEmpty && !now.title.isEmpty
      && Wording.likeness(known.title, now.title) < BaselineComparison.titleSwapped
  }

  /// The part of the lasting text that is still there, by blocks or by its wording, whichever says more; nil where too
  /// little lasts.
  private var textKept: Double? {
    let blocks = lasting.filter { !volatile.contains($0.path) }
    let whole = blocks.reduce(0) { $0 + Int($1.length) }
    guard whole >= BaselineComparison.textFloor else { return nil }
    let texts = Set(now.blocks.map(\.text))
    let kept = blocks.reduce(0) { $0 + (texts.contains($1.text) ? Int($1.length) : 0) }
    let wording = now.text.likeness(MinimumHashes(hexadecimal: known.text, count: Baseline.textHashes)) ?? 0
    return max(Double(kept) / Double(whole), wording)
  }

  private var paths: Set<UInt32> { Set(lasting.map(\.path)).union(now.blocks.map(\.path)) }
  private var changedPaths: Set<UInt32> {
    let fresh = now.blocks.subtracting(lasting).filter { !volatile.contains($0.path) && $0.length >= shortestKept }
    return Set(lasting.subtracting(now.blocks).union(fresh).map(\.path))
  }

  /// The baseline keeps the longest blocks of a page that has too many: shorter ones are then not known to be new.
  private var shortestKept: UInt32 {
    known.isFull ? (lasting.map(\.length).min() ?? 0) &+ 1 : 0
  }

  /// The baseline of a page that is known well enough: the old one, with what has shown itself to be volatile. Two
  /// looks that differ in one place, from the baseline and from each other, or a difference that is gone at the next
  /// look, are a place that changes by itself.
  func held(look: Int) -> Baseline.Layers {
    var next = known
    next.last = look
    let before = PageLayers.Block.list(known.pending ?? "")
    let moved = changedPaths.subtracting(volatile)
    let now = differing(moved)
    let restless = Set(before.map(\.path)).filter { path in
      before.filter { $0.path == path } != now.filter { $0.path == path }
    }
    let all = volatile.union(restless).sorted().prefix(BaselineComparison.volatileLimit)
    next.volatile = all.map(HexWords.text).joined()
    let waiting = now.filter { !restless.contains($0.path) }.sorted { ($0.path, $0.text) < ($1.path, $1.text) }
    next.pending = waiting.prefix(BaselineComparison.volatileLimit).map(\.hexadecimal).joined()
    let title = isTitleChanged ? self.now.title : nil
    next.isTitleVolatile = known.isTitleVolatile || known.pendingTitle.map { $0 != title } ?? false
    next.pendingTitle = title
    return next
  }

  /// The blocks at these paths; where there is none any more, an empty one.
  private func differing(_ paths: Set<UInt32>) -> Set<PageLayers.Block> {
    let present = now.blocks.filter { paths.contains($0.path) }
    let gone = paths.subtracting(present.map(\.path)).map { PageLayers.Block(path: $0, text: 0, length: 0) }
    return present.union(gone)
  }

  /// The baseline after somebody has accepted what is seen.
  func accepted(look: Int, blockLimit: Int) -> Baseline.Layers {
    if case .replaced = verdict { return Baseline.Layers(now, look: look, blockLimit: blockLimit) }
    var next = Baseline.Layers(now, look: look, blockLimit: blockLimit, volatile: volatile.sorted())
    (next.looks, next.isTitleVolatile) = (known.looks, known.isTitleVolatile)
    return next
  }

  /// The baseline after this look, as long as there are few.
  func learned(look: Int, blockLimit: Int) -> Baseline.Layers {
    let moved = Array(volatile.union(changedPaths).sorted().prefix(BaselineComparison.volatileLimit))
    var next = Baseline.Layers(now, look: look, blockLimit: blockLimit, volatile: moved)
    next.looks = known.looks &+ 1
    next.isTitleVolatile = known.isTitleVolatile || isTitleChanged
    return next
  }
}

extension Baseline.Layers {
  init(_ now: PageLayers, look: Int, blockLimit: Int, volatile: [UInt32] = []) {
    let moving = Set(volatile)
    let whole = now.blocks.filter { !moving.contains($0.path) }
    let lasting = whole.sorted { ($0.length, $0.path, $0.text) > ($1.length, $1.path, $1.text) }
      .prefix(blockLimit)
    self.init(
      last: look, exact: now.exact, skeleton: now.skeleton.hexadecimal, text: now.text.hexadecimal, title: now.title,
      keywords: now.keywords, description: now.description, isEnded: now.isEnded,
      isFull: whole.count > blockLimit, blocks: lasting.map(\.hexadecimal).joined(),
      volatile: volatile.map(HexWords.text).joined())
  }
}
