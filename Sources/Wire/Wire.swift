/// # Wire: the ground floor
///
/// Turns bytes into borrowed views of wire formats, and a few values out of them: addresses, times, five-tuples.
/// Pure: no allocation on the hot path, no clocks, no sockets, no policy. A view's failable `init` is the only
/// length check; its accessors are total afterwards.
///
/// What it does *not* do: follow a packet from layer to layer (`Decode`), remember anything between packets (`Flow`),
/// or judge what it read (`Detection`, `Engines`). The passive parsers and the active engines share these codecs.
///
/// Hot declarations here are `public`, `@frozen` and `@inlinable`, because `package` ones are not inlined
/// across modules.

/// Which way bytes travel on a flow: from its originator to its responder, or back.
@frozen public enum Direction: UInt8, Sendable, Hashable, CaseIterable {
  case toServer = 0
  case toClient = 1

  @inlinable @inline(__always) public var opposite: Direction { self == .toServer ? .toClient : .toServer }
  @inlinable @inline(__always) public var index: Int { Int(rawValue) }
}
