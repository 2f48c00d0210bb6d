/// # Decode: packet bytes into `DecodedPacket`
///
/// Turns the bytes of one captured packet into plain values: who spoke to whom, over which layers, where the payload
/// lies, and what was wrong (`DecodeEvent`). Tunnels are opened: each inner packet is a packet of its own and comes
/// before the one that carried it. One coarse call a packet, no allocation, no reference counting.
///
/// What it does *not* do: remember anything between packets (fragments and streams are `Flow`'s), or judge. Traffic
/// that breaks the rules is never an error here: it is an event on the packet, counted, and where the packet's
/// structure is broken, `isInvalid`.
///
/// Who calls it: each worker of `Sensor` owns one `Decoder`; `Flow`'s defragmenter hands whole datagrams back through
/// `Decoder.decodeDatagram`.
