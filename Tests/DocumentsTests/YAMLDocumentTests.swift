import Documents
import Testing

@Suite struct YAMLDocumentTests {
  @Test("values keep their line and column") func places() throws {
    let root = try YAMLDocument.parse("a: 1\nsites:\n  - url: https://x.cn\n    tags: [p, q]\n", file: "v.yaml")
    let site = try root.required("sites").list()[0]
    #expect(try root.required("a").int() == 1)
    #expect(try site.required("url").position == SourcePosition(file: "v.yaml", line: 3, column: 10))
    #expect(try site.required("tags").strings() == ["p", "q"])
  }

  @Test("an empty text is an empty map") func empty() throws {
    #expect(try YAMLDocument.parse("# nothing\n", file: "v").entries.isEmpty)
  }

  @Test("a broken document says where and what to do") func broken() {
    let cases: [(String, String)] = [
      ("a: b: c\n", "v:1:5: mapping values are not allowed in this context (put a value that holds \": \" in quotes)"),
      (
        "hosts: *.gov.cn\n",
        "v:1:9: while scanning an alias, did not find expected alphabetic or numeric character"
          + " (put a value that begins with * in quotes)"
      ),
      ("a: 1\na: 2\n", "v:1:1: the key \"a\" is written twice in one map (remove one)"),
      ("a: 1\n---\nb: 2\n", "v:2:1: a second document begins here (keep one document a file)"),
    ]
    for (text, expected) in cases {
      let error = #expect(throws: DocumentError.self) { try YAMLDocument.parse(text, file: "v") }
      #expect(error?.description == expected)
    }
  }

  @Test("unknown keys are told with what was meant") func unknown() throws {
    let root = try YAMLDocument.parse("interfce: eth0\nrules: x\n", file: "v.yaml")
    let errors = root.unknownKeys(besides: ["interface", "rules"])
    #expect(
      errors.map(\.description) == [
        "v.yaml:1:1: unknown key \"interfce\" (did you mean \"interface\"?)"
      ])
  }

  @Test("aliases and merge keys are expanded") func merge() throws {
    let text = "base: &b {a: 1, c: 2}\nuse:\n  <<: *b\n  c: 3\n"
    let use = try YAMLDocument.parse(text, file: "v").required("use")
    #expect(try use.required("a").int() == 1)
    #expect(try use.required("c").int() == 3)
  }

  @Test("a document that grows by aliases is refused") func laughs() {
    var text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
    for level in 1...9 {
      text += "a\(level): &a\(level) [" + (0..<9).map { _ in "*a\(level - 1)" }.joined(separator: ",") + "]\n"
    }
    let error = #expect(throws: DocumentError.self) { try YAMLDocument.parse(text, file: "v") }
    #expect(error?.code == .tooManyValues)
    let many = "a: &a 1\nb: [" + Array(repeating: "*a", count: 300).joined(separator: ",") + "]\n"
    #expect(throws: DocumentError.self) { try YAMLDocument.parse(many, file: "v") }
  }

  @Test("depth is limited", arguments: [60, 65, 500, 5000]) func depth(levels: Int) throws {
    let text = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    if levels < 64 {
      _ = try YAMLDocument.parse(text, file: "v")
      _ = try JSONDocument.parse(text, file: "v")
    } else {
      #expect(throws: DocumentError.self) { try YAMLDocument.parse(text, file: "v") }
      #expect(throws: DocumentError.self) { try JSONDocument.parse(text, file: "v") }
    }
  }

  @Test("size is limited, and bytes that are not UTF-8 are placed") func bytes() throws {
    var limits = DocumentLimits()
    limits.bytes = 8
    let large = #expect(throws: DocumentError.self) {
      try YAMLDocument.parse("a: 123456789", file: "v", limits: limits)
    }
    #expect(large?.code == .tooLarge)
    let latin = #expect(throws: DocumentError.self) {
      try DocumentFile.text(bytes: Array("ab\ncd".utf8) + [0xe9, 0x0a], file: "v")
    }
    #expect(latin?.position == SourcePosition(file: "v", line: 2, column: 3))
    let missing = #expect(throws: DocumentError.self) { try DocumentFile.value(path: "no/such.yaml") }
    #expect(missing?.description == "no/such.yaml: cannot read: no such file or directory (check the path)")
  }

  @Test("times and sizes have units") func units() throws {
    let root = try YAMLDocument.parse("a: 5m\nb: 10mb\nc: soon\nd: 1.5h\ne: -3s\n", file: "v")
    #expect(try root.required("a").seconds() == 300)
    #expect(try root.required("b").byteCount() == 10 << 20)
    #expect(try root.required("d").seconds() == 5400)
    #expect(throws: DocumentError.self) { try root.required("c").seconds() }
    #expect(throws: DocumentError.self) { try root.required("e").seconds() }
  }
}
