internal import ControlAPI
internal import Documents
internal import Records

/// The start checklist of guard periods, out of `Rules/duty/guard.yaml` or a file of the operator's own.
enum GuardChecklistReader {
  /// More than anybody ticks at a start.
  static let mostLines = 200

  static func read(_ path: String) throws(OperatorMistake) -> [GuardCheck] {
    do { return try lines(path) } catch { throw OperatorMistake(error) }
  }

  private static func lines(_ path: String) throws(DocumentError) -> [GuardCheck] {
    let root = try DocumentFile.value(path: path)
    let list = try root.list()
    guard list.count <= mostLines else {
      throw DocumentError(.badValue, root.position, "there are \(list.count) lines, at most \(mostLines) are read")
    }
    var result: [GuardCheck] = []
    for value in list {
      _ = try value.map()
      if let first = value.unknownKeys(besides: ["id", "en", "zh"]).first { throw first }
      let id = try value.required("id").string()
      guard !result.contains(where: { $0.id == id }), (1...64).contains(id.utf8.count) else {
        throw DocumentError(.badValue, value.position, "the id \"\(id.prefix(64))\" is there twice, or too long")
      }
      result.append(
        GuardCheck(
          id: id,
          text: BilingualText(en: try value.required("en").string(), zh: try value.required("zh").string())))
    }
    return result
  }
}
