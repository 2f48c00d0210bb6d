internal import Wire

final class HTTPParser {
  init(configuration: AppLayerConfiguration) {}
  func receive(_ bytes: RawSpan, _ direction: Direction, at time: Timestamp, session: AppSession) {}
  func gap(_ count: Int, _ direction: Direction, at time: Timestamp, session: AppSession) {}
  func end(_ direction: Direction, at time: Timestamp, session: AppSession) {}
}
enum HTTPFieldName: UInt8 { case other }
extension HTTPTransaction {
  func value(_ buffer: AppBuffer, _ instance: Int, _ direction: Direction) -> Bytes? { nil }
  func joinedValue(_ name: StaticString, _ direction: Direction) -> Bytes? { nil }
}
