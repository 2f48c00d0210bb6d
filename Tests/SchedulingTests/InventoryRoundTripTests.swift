import Documents
import Records
import Scheduling
import Testing
import Wire

@Suite struct InventoryRoundTripTests {
  private func read(_ text: String, _ form: InventoryExport.Form) throws -> InventoryImport {
    switch form {
    case .csv: try InventoryImport.csv(text, file: "i.csv")
    case .yaml: InventoryImport.document(try YAMLDocument.parse(text, file: "i.yaml"))
    case .json: InventoryImport.document(try JSONDocument.parse(text, file: "i.json"))
    }
  }

  @Test("what is exported is imported again without a change, in every form", arguments: InventoryExport.Form.allCases)
  func roundTrip(form: InventoryExport.Form) throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("inventory seed \(seed)")
    var maker = InventoryRandom(seed: seed)
    for _ in 0..<60 {
      var inventory = maker.inventory()
      var urls: Set<String> = []
      inventory.sites.removeAll { !urls.insert($0.url).inserted }
      var ids: Set<String> = []
      inventory.sites.removeAll { !ids.insert($0.id).inserted }
      let text = InventoryExport.text(inventory, as: form)
      let again = try read(text, form)
      #expect(again.errors.map(\.description) == [], "seed \(seed)")
      let difference = InventoryDifference(from: inventory, to: again.inventory)
      #expect(difference.lines.map { "\($0) \($0.fields)" } == [], "seed \(seed)")
      #expect(again.inventory.snapshot == inventory.snapshot, "seed \(seed)")
    }
  }

  @Test("no cell of an exported table begins as a formula") func formulas() throws {
    var inventory = Inventory()
    inventory.organisations = ["=1+1", "+86", "-1", "@A1", "'=1", "'plain"].enumerated().map { index, text in
      Organisation(id: "o\(index)", name: BilingualText(text))
    }
    let text = InventoryExport.text(inventory, as: .csv)
    let table = try CSVTable.parse(text, file: "i.csv")
    let names = table.rows.compactMap { $0["name"]?.text }
    #expect(names == ["'=1+1", "'+86", "'-1", "'@A1", "''=1", "''plain"])
    #expect(try InventoryImport.csv(text, file: "i.csv").inventory.organisations == inventory.organisations)
  }

  @Test("the snapshot names what is in it, not how it is ordered") func snapshot() {
    var maker = InventoryRandom(seed: 7)
    var inventory = maker.inventory()
    let before = inventory.snapshot
    inventory.sites.reverse()
    inventory.organisations.reverse()
    #expect(inventory.snapshot == before)
    inventory.organisations.append(Organisation(id: "new", name: BilingualText("new")))
    #expect(inventory.snapshot != before)
  }
}
