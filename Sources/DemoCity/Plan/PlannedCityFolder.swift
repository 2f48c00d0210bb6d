/// The folder of a planned city: `inventory.yaml`, `inventory.csv`, `targets.txt`, `truth.jsonl`, `trust.pem`,
/// `authority.pem` (the root with its key).
package struct PlannedCityFolder: Sendable {
  package let path: String

  /// A folder that exists.
  package init(path: String) { self.path = path }

  /// Writes everything and returns the PEM that `PlannedCityServer` wants.
  package func write(_ city: LiveCity) throws(DemoError) -> String {
    let root = try Identity(
      Identity.Request(name: "Xincheng Root", from: -1000 * 86_400, until: 10 * 365 * 86_400, isAuthority: true))
    let books = CityBooks(city.plan, ports: city.ports)
    try CityFolder.write(Array((root.certificatePEM + root.keyPEM).utf8), to: path + "/authority.pem")
    try CityFolder.write(Array(root.certificatePEM.utf8), to: path + "/trust.pem", mode: 0o644)
    try CityFolder.write(Array(books.inventoryYAML().utf8), to: path + "/inventory.yaml")
    try CityFolder.write(Array(books.inventoryCSV().utf8), to: path + "/inventory.csv")
    try CityFolder.write(Array(books.targets.utf8), to: path + "/targets.txt")
    try writeTruth(city, name: "truth.jsonl")
    return root.certificatePEM + root.keyPEM
  }

  /// As the city stands now.
  package func writeTruth(_ city: LiveCity, name: String) throws(DemoError) {
    let books = CityBooks(city.plan, ports: city.ports)
    try CityFolder.write(Array(books.truth(city.traits).utf8), to: path + "/" + name)
  }
}
