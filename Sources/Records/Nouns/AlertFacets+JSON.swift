extension AlertFacets {
  /// The JSON of its `Codable` form without an encoder: the store writes a row's facets with each batch that touches it,
  /// and a gathering row has hundreds of values.
  package func write(_ name: StaticString, to writer: inout JSONWriter) {
    writer.beginObject(name)
    rules?.write("rules", to: &writer)
    sensors.write("sensors", to: &writer)
    sites?.write("sites", to: &writer)
    sources.write("sources", to: &writer)
    targets.write("targets", to: &writer)
    urls.write("urls", to: &writer)
    writer.endObject()
  }
}

extension Facet {
  fileprivate func write(_ name: StaticString, to writer: inout JSONWriter) {
    writer.beginObject(name)
    writer.beginArray("entries")
    for entry in entries {
      writer.beginObject()
      writer.field("count", entry.count)
      writer.field("value", entry.value)
      writer.endObject()
    }
    writer.endArray()
    writer.field("total", total)
    writer.endObject()
  }
}
