#if !FUZZING
  import FuzzEntrances
  import Glibc

  /// Without a fuzzer the program replays files: `Fuzz ENTRANCE FILE...`, or a whole corpus: `Fuzz FOLDER`.
  @main
  struct Replay {
    static func main() throws {
      let words = Array(CommandLine.arguments.dropFirst())
      guard let first = words.first else {
        print("Fuzz ENTRANCE FILE... | Fuzz CORPUS-FOLDER; entrances: \(FuzzEntrance.allCases.map(\.rawValue))")
        exit(2)
      }
      if let entrance = FuzzEntrance(rawValue: first) { return try replay(Array(words.dropFirst()), entrance) }
      for entrance in FuzzEntrance.allCases { try replay(Corpus(folder: first).files(of: entrance), entrance) }
    }

    private static func replay(_ files: [String], _ entrance: FuzzEntrance) throws {
      for file in files {
        print("\(entrance) \(file)")
        entrance.run(try Corpus.bytes(of: file))
      }
    }
  }
#endif
