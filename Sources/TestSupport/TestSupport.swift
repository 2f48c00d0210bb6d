/// # TestSupport: what tests of several modules build with
///
/// Packets, capture files, and other inputs as code rather than as binary files; a clock that a test moves; receivers
/// of mail and webhooks. Only test targets import it.
