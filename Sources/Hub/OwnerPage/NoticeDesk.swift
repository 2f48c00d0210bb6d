package import Records

/// Who knows the notices behind the links. The page asks it and changes nothing by itself.
///
/// A token that is unknown, has run out or was taken back is told in one way, in a time that does not depend on which.
package protocol NoticeDesk: Sendable {
  /// Changes nothing: mail scanners call it as often as they like.
  func show(_ token: String) async -> NoticePage?
  /// Keeps the act, who typed which name, and from where, in one transaction; or says why not.
  func act(_ token: String, _ act: OwnerAct, name: String, from: String) async -> OwnerAnswer
}
