/// Records: the nouns that leave a process, and their form outside it.
///
/// It turns what the wings saw into values (`AlertRecord`, `Observation`), holds what the hub folds from them
/// (`AlertGroup`, `Finding`: both rows of one queue), and what the watch works with (`Site`, `Authorisation`,
/// `AuditEntry`, ...). It writes and reads their JSON, computes their keys, and masks secrets (`Masking`).
///
/// It does not decide: how an alert changes a row is in Services, what is kept and for how long in Store, what is
/// scanned when in Scheduling. It opens no file and no socket and reads no clock.
///
/// Called by every module from the second floor up.
