import FuzzEntrances
import Glibc

#if FUZZING
  private let entrance = FuzzEntrance(rawValue: unsafe getenv("FUZZ_ENTRANCE").map { unsafe String(cString: $0) } ?? "")

  /// libFuzzer's main calls this with what it made up; `FUZZ_ENTRANCE` names the entrance.
  @_cdecl("LLVMFuzzerTestOneInput")
  public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let entrance else { return -1 }
    entrance.run(unsafe Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  }
#endif
