/// # Sensor: the passive wing, assembled
///
/// Turns packets into records: Capture > Decode > Flow > AppLayer > Detection > EVE lines, one `Worker` a thread,
/// which owns everything it touches and calls each stage once per packet or chunk. Bad traffic becomes events and
/// counters, never an error.
///
/// Two ways to run it: `CaptureReading` (the command `vigil read`: a capture file in, `eve.json` out), and
/// `LiveSensor` (the role `vigil sensor`: an interface in, `eve.json` and numbered batches for the hub out).
///
/// What it does *not* do: own rules of detection (`Detection`), keep a queue or a database (`Hub`), or talk to
/// sites (`Scanner`). It opens no socket but the one to its hub.
