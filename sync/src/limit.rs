//! Every limit of what is built, read or kept in flight, each with its reason.

/// A frame with its type byte: a full segment, its header and some air.
pub const FRAME_BYTES: usize = 1_310_720;
/// A segment's payload as sent: eight seconds of a 1 Mbit/s line, and what a small box can hold several times.
pub const SEGMENT_SENT_BYTES: usize = 1024 * 1024;
/// A segment's payload inflated: bounds what a bomb can make us allocate.
pub const SEGMENT_INFLATED_BYTES: usize = 4 * 1024 * 1024;
/// What may come out of a pressed payload: some two seconds of a small processor, which is what a lying member can cost.
pub const PRESSED_INFLATED_BYTES: usize = 2 * 1024 * 1024;
/// Entries in a segment: one unit of admission, one commit.
pub const SEGMENT_ENTRIES: usize = 4096;
/// A proof is a segment header without a proof: about 340 bytes.
pub const PROOF_BYTES: usize = 512;
/// One entry's body: four times the largest change that admission applies, so an honest oversize is kept as a content
/// fault rather than stopping its log.
pub const BODY_BYTES: usize = 256 * 1024;
/// Heads that an opening names: a centre that wrote to every station of a large township in every lane.
pub const PARENTS: usize = 1024;
/// A register's body.
pub const REGISTER_BYTES: usize = 64 * 1024;
/// Registers listed in a vector: a handful per member.
pub const REGISTERS: usize = 4096;
/// Epoch tips in a frontier: one per writer, more only after restores.
pub const TIPS: usize = 8192;
/// Logs of one epoch: audiences times lanes.
pub const TIP_HEADS: usize = 1024;
/// Entries that a receipt names as held back. A centre that holds more ends its frontier before the first one not named.
pub const RECEIPT_HELD: usize = 512;
/// Blobs that a receipt names as missing.
pub const RECEIPT_MISSING: usize = 512;
/// The text of a bye, in bytes.
pub const BYE_TEXT_BYTES: usize = 200;

/// A parcel's transcript; some 20,000 cases.
pub const COURIER_BYTES: usize = 8 * 1024 * 1024;
/// A parcel is full when no further stretch is sure to fit.
pub const COURIER_ROOM: usize = COURIER_BYTES - 2 * FRAME_BYTES;
/// A file of parcels: what a browser uploads in one form and a small box holds in memory once.
pub const COURIER_FILE: usize = 16 * 1024 * 1024;
/// Parcels of one file: a township's stations, several days.
pub const COURIER_PARCELS: usize = 512;
/// Broken parcels of one file after which no more is looked for: each may cost the hash of a whole one.
pub const COURIER_BROKEN: usize = 16;
/// Frames of a parcel that are admitted in one commit, in bytes.
pub const COURIER_BATCH: usize = 1024 * 1024;

/// Bytes of a piece of a blob: four seconds of a 128 kbit/s line, which is what an entry waits behind it at most.
pub const BLOB_PIECE_BYTES: usize = 64 * 1024;
/// Pieces of a blob: a photo reduced on the page has five; a header of all of them fits one piece.
pub const BLOB_PIECES: usize = 256;
/// A header of that many pieces: 32 bytes each, and some.
pub const BLOB_HEADER_BYTES: usize = 16 * 1024;
/// What travels with a blob's first piece for its receiver alone: a handful of sealed keys.
pub const BLOB_PARCEL_BYTES: usize = 1024;
/// Blobs asked of a peer and not come yet; more are asked for as these come. 57 bytes each.
pub const BLOBS_ASKED: usize = 64;
/// Blobs that a peer could not give, remembered for the link; beyond them nothing is asked of it for a while.
pub const BLOBS_GIVEN_UP: usize = 4096;
/// Pieces that were not taken before the link is closed: an honest peer sends none, and each costs a line in the log.
pub const BLOB_OFFENCES: usize = 64;

/// Bytes sent and not acknowledged: fills a 3 Mbit/s line of 600 ms, and bounds what a dead link can swallow.
pub const WINDOW_BYTES: usize = 256 * 1024;
/// The same for lanes from [`BULK_LANE`] on, beside it: at 128 kbit/s an urgent entry waits four seconds, not sixteen.
pub const BULK_WINDOW_BYTES: usize = 64 * 1024;
/// The first lane that counts as bulk: the catalogue.
pub const BULK_LANE: u8 = 4;
/// Sent with the hello, on the strength of what we remember of the peer.
pub const FIRST_FLIGHT_BYTES: usize = 32 * 1024;
/// What a session asks of a log at once, inflated: under 100 KiB sent (6 s at 128 kbit/s, the most that a torn link
/// costs), and long enough to compress well: at 256 KiB the same cases take a twentieth more, at 64 KiB a fifth.
pub const STRETCH_BYTES: usize = 512 * 1024;
/// The same for bulk, which must not keep the urgent waiting longer than its window says.
pub const BULK_STRETCH_BYTES: usize = 256 * 1024;
/// A stretch of the first flight, inflated: two of them compress to about [`FIRST_FLIGHT_BYTES`].
pub const FIRST_STRETCH_BYTES: usize = 3 * FIRST_FLIGHT_BYTES;
/// A stretch for a peer that expands pressed ones, before pressing: cases come to a fifteenth of it, so it is sent in five
/// seconds of a 128 kbit/s line; half as long, they take a twentieth more.
pub const PRESSED_STRETCH_BYTES: usize = 1024 * 1024;
/// The same in the first flight, unless it comes to more than twice [`FIRST_FLIGHT_BYTES`].
pub const PRESSED_FIRST_STRETCH_BYTES: usize = 384 * 1024;
/// Inflated bytes up to which a pressed stretch is compared with zstd, and the shorter one sent: a few dozen cases.
pub const COMPARED_BYTES: usize = 128 * 1024;
/// From here on a stretch is backlog and worth the slow compression.
pub const BACKLOG_ENTRIES: u64 = 64;
/// zstd level of live entries: microseconds.
pub const LEVEL_LIVE: i32 = 3;
/// zstd level of a backlog: a third smaller, and the line is slower than the processor.
pub const LEVEL_BACKLOG: i32 = 19;
/// The largest zstd window that is accepted: 4 MiB, as long as the largest payload.
pub const ZSTD_WINDOW_LOG: u32 = 22;
/// Openings sent in one go; they are not acknowledged, so the rest waits until the link has taken these.
pub const OPENING_BURST_BYTES: usize = 64 * 1024;
/// Gaps that a log may answer without progress before it is left for the next session.
pub const GAPS_MAX: u8 = 4;
/// What a peer that we do not list yet may send before its list makes it a member.
pub const DOORSTEP_BYTES: usize = 256 * 1024;

/// A hello, or the list of an unlisted peer, must arrive within this time.
pub const HELLO_MS: u64 = 30_000;
/// Silence of the peer after which it is asked, when something of ours is in flight.
pub const PING_BUSY_MS: u64 = 15_000;
/// Silence after which an idle peer is asked: few bytes a day on a metered line.
pub const PING_IDLE_MS: u64 = 60_000;
/// An answer to a ping must arrive within this time: a 600 ms line that first drains a full window at 64 kbit/s.
pub const PONG_MS: u64 = 45_000;
/// The first wait after a failed try at a peer.
pub const BACKOFF_FIRST_MS: u64 = 1_000;
/// The longest wait between tries: a returning line is used within two minutes.
pub const BACKOFF_MAX_MS: u64 = 120_000;
/// A refused log is tried again on a link that stays up: the peer's disk may have room, its list may have come.
pub const REFUSED_RETRY_MS: u64 = 900_000;
/// Openings sent of a writer of whom the peer named an epoch unknown here: enough to meet where both know.
pub const OPENINGS_UNASKED: usize = 64;
