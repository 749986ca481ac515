//! The seeds under which a document's photos open, sealed to the box that gets them (docs/formats/wire.md).

use crate::{ActError, Node, keyring, ports};
use canon::{Reader, Writer};
use identity::DeviceId;
use model::case::facts::WORDS;
use seal::{SealingPublic, Seed};
use store::engine::ReadTx;
use sync::BlobName;

const VERSION: u8 = 1;
/// As many as a person may have.
const SEEDS_MAX: usize = 8;
const CIPHERTEXT_MAX: usize = 512;

fn associated(doc: &[u8; 16], name: &BlobName) -> [u8; 32] {
    canon::hash("blob-parcel", |out| {
        out.fixed(doc).fixed(name);
    })
}

impl Node {
    /// What a peer needs to open a document's photos; empty when nothing is held here or the peer's key is unusable.
    pub(super) fn parcel(
        &self,
        tx: &dyn ReadTx,
        peer: &DeviceId,
        doc: &[u8; 16],
        name: &BlobName,
    ) -> Result<Vec<u8>, ActError> {
        let seeds = keyring::open(tx, self.bag(), doc)?.all(WORDS);
        let membership = self.membership();
        let Some(member) = membership.member(peer).filter(|_| !seeds.is_empty()) else {
            return Ok(Vec::new());
        };
        let mut plain = Writer::new();
        plain.u8(VERSION).u64(seeds.len().min(SEEDS_MAX) as u64);
        seeds.iter().take(SEEDS_MAX).for_each(|seed| {
            plain.fixed(&seed.0);
        });
        let public = SealingPublic { version: member.sealing.version, key: member.sealing.key };
        let random = ports::random(&*self.ports().random);
        let Ok((encapsulated, ciphertext)) =
            seal::seal_to(&public, &associated(doc, name), plain.as_bytes(), random)
        else {
            return Ok(Vec::new());
        };
        let mut out = Writer::new();
        out.u64(public.version).fixed(&encapsulated).bytes(&ciphertext);
        Ok(out.into_bytes())
    }

    /// The seeds in a parcel; none in one that is not for this box. What it opens is seen when the photo is looked at.
    pub(super) fn unparcel(&self, parcel: &[u8], doc: &[u8; 16], name: &BlobName) -> Vec<Seed> {
        self.opened(parcel, doc, name).unwrap_or_default()
    }

    fn opened(&self, parcel: &[u8], doc: &[u8; 16], name: &BlobName) -> Option<Vec<Seed>> {
        let mut from = Reader::new(parcel);
        let (version, encapsulated) = (from.u64().ok()?, from.fixed().ok()?);
        let ciphertext = from.bytes(CIPHERTEXT_MAX).ok()?;
        if from.end().is_err() || version != self.sealing().version() {
            return None;
        }
        let plain =
            seal::open_from(self.sealing(), &encapsulated, &associated(doc, name), ciphertext).ok()?;
        let mut from = Reader::new(&plain);
        if from.u8().ok()? != VERSION {
            return None;
        }
        let mut seeds = Vec::new();
        for _ in 0..from.count(SEEDS_MAX).ok()? {
            seeds.push(Seed(from.fixed().ok()?));
        }
        Some(seeds)
    }
}
