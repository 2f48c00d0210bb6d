internal import Dispatch
internal import Records
internal import Services
internal import Synchronization

/// A receiver of syslog over TCP or TLS.
///
/// Syslog has no word for "I have it". So each message has a connection: when it is written we end our half, and a receiver
/// that read everything ends the other. Only then is it accepted; a reset, or silence, is not. What the receiver's process
/// has read and not yet written, and loses by being killed, is accepted all the same: the protocol cannot tell.
struct SyslogChannel: DispatchChannel {
  let receiver: Configuration.Receiver
  private static let threads = DispatchQueue(label: "vigil.syslog", attributes: .concurrent)

  func deliver(_ dispatch: Records.Dispatch) async -> DeliveryOutcome {
    guard let address = ServiceAddress(receiver.url) else { return .failed("its url names no host", after: nil) }
    let isTLS = address.scheme == "tls"
    let message = SyslogMessage(dispatch).framed
    let cancelled = EndFlag()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        SyslogChannel.threads.async {
          let stream = OutgoingStream(seconds: receiver.timeoutSeconds, cancelled: cancelled)
          do throws(StreamFailure) {
            let port = address.port ?? (isTLS ? 6514 : 514)
            try stream.connect(host: address.host, port: port)
            if isTLS { try stream.secure(host: address.host, ca: receiver.ca) }
            try stream.write(message)
            try stream.finish()
            continuation.resume(returning: .accepted)
          } catch {
            continuation.resume(returning: .unavailable(error.sentence, after: nil))
          }
        }
      }
    } onCancel: {
      cancelled.set()
    }
  }
}
