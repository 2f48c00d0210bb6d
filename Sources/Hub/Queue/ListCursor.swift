internal import ControlAPI
internal import Foundation
internal import Records
internal import Store
internal import Wire

/// Where a list goes on, as text for the client: the place of the last row, the moment that the list is of, and of which
/// list it is. It comes back from outside: what does not fit is refused.
struct ListCursor: Codable, Equatable {
  /// Of filter and order.
  var list: String
  var now: Timestamp
  var newest: Int64
  var place: [SortPlace]

  private static let longest = 4096

  init(_ request: ListRequest, now: Timestamp, newest: Int64, place: [SortPlace]) {
    list = ListCursor.name(request)
    self.now = now
    self.newest = newest
    self.place = place
  }

  init?(_ request: ListRequest) throws {
    guard let text = request.after, !text.isEmpty else { return nil }
    let plain = text.replacing("-", with: "+").replacing("_", with: "/")
    guard text.utf8.count <= ListCursor.longest, let data = Data(base64Encoded: plain),
      let cursor = try? RecordJSON.decode(ListCursor.self, from: Array(data))
    else { throw APIProblem(.badRequest, "after is no cursor", hint: "give a page's next") }
    guard cursor.list == ListCursor.name(request) else {
      throw APIProblem(.badRequest, "the cursor is of another filter or order", hint: "begin with the first page")
    }
    self = cursor
  }

  var text: String {
    guard let bytes = try? RecordJSON.encode(self) else { return "" }
    return Base64Text.of(bytes).replacing("+", with: "-").replacing("/", with: "_")
  }

  private static func name(_ request: ListRequest) -> String {
    let text = request.sort.joined(separator: ",") + "|" + request.filter
    return String(SHA256.hex(SHA256.digest(Array(text.utf8))).prefix(12))
  }
}
