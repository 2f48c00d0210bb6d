import ControlAPI
import Records
import Wire

/// What happened, as the model hears it.
enum Message: Sendable {
  case key(Key)
  case resized(Size)
  case clock(Timestamp)
  /// The hub answers.
  case connected
  /// It does not, and why.
  case lost(String)
  case overview(Overview)
  case list(PanelRequest, Page<QueueItem>)
  /// The hub refused a list: a filter that it does not take.
  case listRefused(PanelRequest, String)
  case row(QueueDetail)
  case site(SiteDetail)
  case acted(ActRequest, ActReport)
  /// An act or a fetch failed.
  case failed(String)
  case streamed(StreamItem)
  case definitions([Definition], problem: String?)
}

/// What the model wants done outside.
enum Effect: Sendable, Equatable {
  case quit, suspend, redraw
  /// Ask for what is on screen now.
  case refresh
  case openRow(Int64)
  case openSite(String)
  case act(ActRequest)
  /// To the clipboard, by OSC 52.
  case copy(String)
}

/// One list that a panel on screen shows.
struct PanelRequest: Sendable, Equatable, Hashable {
  /// `screen/panel`.
  var key: String
  var filter: String
  var sort: [String]
  var limit: Int

  var request: ListRequest { ListRequest(filter: filter, sort: sort, limit: limit) }
}
