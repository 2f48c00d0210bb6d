#if FUZZING
  import FuzzEntrances
  import Glibc

  /// libFuzzer's main calls this with what it made up; `FUZZ_ENTRANCE` names the entrance.
  @_cdecl("LLVMFuzzerTestOneInput")
  public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let entrance = Chosen.entrance else { abort() }
    entrance.run(unsafe Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  }

  private enum Chosen {
    static let entrance = unsafe getenv("FUZZ_ENTRANCE").flatMap { unsafe FuzzEntrance(rawValue: String(cString: $0)) }
  }
#endif
