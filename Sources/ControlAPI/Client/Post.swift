internal import Dispatch

/// One POST to somebody else's server, for the webhook: libcurl again, with a deadline.
package enum Post {
  private static let threads = DispatchQueue(label: "vigil.post", attributes: .concurrent)

  /// The status; a sentence where nobody answered. Redirects are not followed: a receiver is named, not found.
  package static func send(
    _ body: [UInt8], to url: String, headers: [String], timeoutMilliseconds: Int
  ) async -> Result<Int, PostFailure> {
    let transfer = Transfer(limit: 1 << 20)
    let request = Transfer.Request(
      socket: nil, url: url, method: "POST", headers: headers + ["Expect:"], body: body,
      timeoutMilliseconds: timeoutMilliseconds)
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        threads.async {
          do throws(Transfer.Failure) {
            continuation.resume(returning: .success(try transfer.perform(request).status))
          } catch {
            continuation.resume(returning: .failure(PostFailure(reason: error.message.lowercased())))
          }
        }
      }
    } onCancel: {
      transfer.cancel()
    }
  }
}

package struct PostFailure: Error, Sendable {
  package let reason: String
}
