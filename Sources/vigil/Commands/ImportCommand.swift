import ArgumentParser
import ControlAPI
import Dashboard
import Documents
import Engines
import Glibc
import Hub
import Records
import Wire

extension FindingsCommand {
  struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Takes over a scanner's report, for the sites of the inventory that an authorisation covers.",
      discussion: """
        What a check of Vigil asks too becomes the same finding; the rest keeps the tool's own name. The same file again
        changes nothing. What is not taken is listed with the reason.

        Exit status: 0 it was taken over, whatever was left out; 2 an operator's mistake, or nothing was taken.
        """)
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Option(help: "nikto, zap, sarif, nmap, testssl, sslscan or nuclei.") var format: ReportFormat
    @Option(help: "The inventory's authorisation that the scan was made under.") var authorisation: String
    @Flag(name: .customLong("dry-run"), help: "Only say what would be taken.") var dryRun = false
    @Argument(help: "The report; - is standard input.") var file: String

    func run() async throws {
      let bytes = try InputFile.bytes(
        file, limit: ToolReport.bytesLimit, "the report", hint: "name a report of \(format.rawValue)")
      let parts: [ReportFormat.Part]
      do throws(DocumentError) { parts = try format.read(bytes, file: file) } catch {
        throw OperatorMistake(
          "findings.\(error.code.rawValue)", at: error.position.description, error.message, hint: error.hint)
      }
      let plan = ImportPlan(
        parts, sites: SiteMatch(try await sites()), authorisation: try await granted(),
        fileTime: fileTime(), masking: try masking())
      let stored = dryRun ? [:] : try await store(plan, bytes)
      try tell(plan, stored)
      if plan.taken.isEmpty {
        throw OperatorMistake(
          "findings.nothing", at: file, "nothing of the report was taken",
          hint: "see above; sites come into the inventory with vigil sites import")
      }
    }

    // MARK: what the hub knows

    private func sites() async throws -> [Site] {
      var sites: [Site] = []
      while true {
        let page = try await hub.client().call(
          API.sites, ListRequest(limit: ListRequest.longestPage, offset: sites.count))
        sites += page.items.map(\.site)
        if page.items.count < ListRequest.longestPage { return sites }
      }
    }

    private func granted() async throws -> Authorisation {
      let all = try await hub.client().call(API.authorisations).items
      if let found = all.first(where: { $0.id == authorisation }) { return found }
      let hint = NearestWord.find(authorisation, among: all.map(\.id)).map { "did you mean \($0)?" }
      throw OperatorMistake(
        "findings.authorisation", "the inventory has no authorisation \(Table.harmless(authorisation))",
        hint: hint ?? "see vigil sites")
    }

    /// Of reports that do not say when they were made.
    private func fileTime() -> Timestamp {
      var state = stat()
      guard file != "-", unsafe stat(file, &state) == 0 else { return WallClock.system.now() }
      return Timestamp(seconds: Int64(state.st_mtim.tv_sec))
    }

    private func data() throws -> DataFolder {
      let parts = try AbsolutePath.of(hub.path()).split(separator: "/", omittingEmptySubsequences: false)
      return DataFolder(path: parts.dropLast(2).joined(separator: "/"))
    }
    private func masking() throws -> Masking { Masking(key: try MaskingKey.read(folder: data().path)) }

    // MARK: handing over

    /// Observations that were new, by site. Who took over what is in the audit log before anything is stored.
    private func store(_ plan: ImportPlan, _ bytes: [UInt8]) async throws -> [String: Int] {
      guard !plan.taken.isEmpty else { return [:] }
      let digest = SHA256.hex(SHA256.digest(bytes))
      _ = try await hub.client().call(
        API.noteScan,
        ScanNote(
          authorisedBy: "\(authorisation), import of \(format.rawValue) \(digest.prefix(16))",
          targets: plan.taken.keys.sorted()))
      let source = "import:\(format.rawValue)"
      let link = try IngestLink(socket: try data().ingestSocket, source: source, boot: 0)
      let bar = progress(plan)
      defer { bar.end() }
      var (stored, done): ([String: Int], UInt64) = ([:], 0)
      for (site, observations) in plan.taken.sorted(by: { $0.key < $1.key }) {
        // The same file names the same records for ever, per site: what came before is not stored again.
        let boot = ImportPlan.boot(digest: digest, site: site)
        let held = Int(min(link.held(boot: boot), UInt64(observations.count)))
        var first = held
        while first < observations.count {
          let piece = observations[first..<min(first + ImportPlan.batchLimit, observations.count)]
          let records = try piece.map { BatchRecord(kind: .observation, bytes: try RecordJSON.encode($0)) }
          try link.store(RecordBatch(source: source, boot: boot, first: UInt64(first) + 1, records: records))
          first += piece.count
          bar.note(done + UInt64(first))
        }
        done += UInt64(observations.count)
        stored[site] = observations.count - held
      }
      return stored
    }

    private func progress(_ plan: ImportPlan) -> ProgressBar {
      let unit = Progress.Unit.things(BilingualText(en: "observations", zh: "观测"))
      let total = UInt64(plan.taken.values.reduce(0) { $0 + $1.count })
      return ProgressBar(
        Progress(BilingualText(en: "importing", zh: "导入"), unit, total: total), isJSON: look.json,
        LanguageOption.configured(hub.config))
    }

    private struct Line: Encodable {
      var site: String?
      var taken: Int?
      var new: Int?
      var left: String?
      var count: Int?
      var reason: String?
    }

    private func tell(_ plan: ImportPlan, _ stored: [String: Int]) throws {
      let lines =
        plan.taken.sorted { $0.key < $1.key }.map {
          Line(site: $0.key, taken: $0.value.count, new: dryRun ? nil : stored[$0.key])
        }
        + plan.left.sorted { $0.key < $1.key }.map {
          Line(left: $0.key.place, count: $0.value, reason: $0.key.reason)
        }
      if look.json { return try look.objects(lines) }
      for line in lines {
        if let site = line.site {
          let new = line.new.map { $0 == line.taken ? "" : ", \($0) of them new" } ?? ""
          Console.out.line("\(site): \(line.taken ?? 0) observations \(dryRun ? "would be taken" : "taken")\(new)")
        } else {
          Console.out.line(
            "not taken: \(line.count ?? 0) of \(Table.harmless(line.left ?? "")): \(Table.harmless(line.reason ?? ""))")
        }
      }
    }
  }
}

extension ReportFormat: ExpressibleByArgument {}
