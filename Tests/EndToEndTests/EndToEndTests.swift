import Testing

/// The whole program from outside: the binary is started, fed, killed and asked, as an operator would.
///
/// One after the other, because each of them takes the machine: they measure. Bounded by deadlines that wait for
/// events; figures are printed on lines that begin with `figure:`.
@Suite(.serialized, .enabled(if: VigilBinary.isThere, "no vigil binary is beside the tests; set VIGIL_BINARY"))
enum EndToEnd {}
