mod power_cut;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordVerifier as _};

use crate::join::{self, JoinFault};
use crate::kit::{self, KitFault, Staff};
use crate::station::{self, ProvisionFault, Provisioned, Spec};
use crate::township::TownshipFault;
use crate::{membership, sheet, township};
use identity::{Audience, CutFault, Epoch, Head, Lane, LogId, Role, StationNo};
use std::fs;
use std::path::{Path, PathBuf};

/// A random stream that is the same in every run.
fn stream(seed: u8) -> impl FnMut(&mut [u8]) {
    let mut count = 0u64;
    move |bytes: &mut [u8]| {
        for byte in bytes.iter_mut() {
            let hash = canon::hash("test", |w| {
                w.u8(seed).u64(count);
            });
            count += 1;
            *byte = hash[0];
        }
    }
}

fn spec(number: u16) -> Spec {
    Spec {
        number,
        name: format!("石桥{number}村便民服务站"),
        division: "522301102007".into(),
        role: if number == 0 { Role::Centre } else { Role::Station },
        listen: "0.0.0.0:7443".into(),
        addresses: vec![format!("10.0.0.{number}:7443")],
        clerk: Staff { name: "陈小芳".into(), post: "代办员".into() },
        replace: false,
    }
}

struct Place {
    _dir: tempfile::TempDir,
    base: PathBuf,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().to_owned();
        township::create(&base.join("乡镇"), "青山镇", "522301102000", &mut stream(1)).unwrap();
        Self { _dir: dir, base }
    }

    fn with_centre() -> Self {
        let place = Self::new();
        place.provision(0, "kit0").unwrap();
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.base.join(name)
    }

    fn town(&self) -> PathBuf {
        self.at("乡镇")
    }

    fn provision(&self, number: u16, kit: &str) -> Result<Provisioned, ProvisionFault> {
        self.order(&spec(number), kit)
    }

    fn order(&self, spec: &Spec, kit: &str) -> Result<Provisioned, ProvisionFault> {
        let [seed, ..] = canon::sha256(kit.as_bytes());
        station::provision(&self.town(), spec, &self.at(kit), &mut stream(seed), 1_795_000_000)
    }
}

#[test]
fn a_kit_brings_a_box_into_the_township_and_leaves_no_secret_behind() {
    let place = Place::with_centre();
    let made = place.provision(1, "kit1").unwrap();
    assert!(made.fresh);
    let kit = kit::open(&place.at("kit1")).unwrap();
    assert_eq!(kit.member.device, made.device);
    assert_eq!(kit.kit.staff[0].name, "陈小芳");
    assert_eq!(kit.membership.centre().unwrap().station, StationNo::CENTRE);

    assert!(!join::is_joined(&place.at("box1")).unwrap());
    assert!(matches!(join::load(&place.at("box1")), Err(JoinFault::NotJoined(_))));
    let joined = join::first_boot(&place.at("kit1"), &place.at("box1")).unwrap();
    assert_eq!(joined.secrets.key.id(), made.device);
    assert_eq!(joined.member.sealing.key, joined.secrets.sealing.public().key);
    assert!(!place.at("kit1/identity.key").exists() && !place.at("kit1/sealing.key").exists());
    let loaded = join::load(&place.at("box1")).unwrap();
    assert_eq!(loaded.member, joined.member);
    assert_eq!(loaded.secrets.key.id(), made.device);

    // the stick again: the same box goes on, another box gets nothing
    join::first_boot(&place.at("kit1"), &place.at("box1")).unwrap();
    assert!(matches!(join::first_boot(&place.at("kit1"), &place.at("other")), Err(JoinFault::Used(_))));
    place.provision(2, "kit2").unwrap();
    assert!(matches!(join::first_boot(&place.at("kit2"), &place.at("box1")), Err(JoinFault::OtherBox(_))));
}

#[test]
fn a_box_with_data_but_no_marker_is_not_started_over() {
    let place = Place::with_centre();
    place.provision(1, "kit1").unwrap();
    fs::create_dir(place.at("box")).unwrap();
    fs::write(place.at("box/bianmin.redb"), b"x").unwrap();
    assert!(matches!(join::first_boot(&place.at("kit1"), &place.at("box")), Err(JoinFault::Stray(_))));
    assert!(place.at("kit1/identity.key").exists());
}

/// Fails if any file of a kit could be changed, swapped or taken away unnoticed.
#[test]
fn a_kit_that_was_touched_is_refused_in_plain_words() {
    let place = Place::with_centre();
    place.provision(1, "kit1").unwrap();
    let names =
        ["kit.json", "identity.key", "sealing.key", "membership.bin", "manifest.sha256", "signature.hex"];
    for name in names {
        let path = place.at("kit1").join(name);
        let good = fs::read(&path).unwrap();
        for at in (0..good.len()).step_by(7) {
            let mut bad = good.clone();
            bad[at] ^= 1;
            fs::write(&path, &bad).unwrap();
            let fault = kit::open(&place.at("kit1")).unwrap_err();
            let text = fault.to_string();
            let known = ["被改过或损坏", "已经作废", "新版程序"].iter().any(|words| text.contains(words));
            assert!(known, "{name} byte {at}: {text}");
            assert!(join::first_boot(&place.at("kit1"), &place.at("box")).is_err());
            assert!(!join::is_joined(&place.at("box")).unwrap());
        }
        fs::remove_file(&path).unwrap();
        let secret = name.ends_with(".key");
        let missing = kit::open(&place.at("kit1"));
        assert!(secret == missing.is_ok(), "{name}: a kit without its keys is a used one");
        assert!(secret || missing.unwrap_err().to_string().contains(name));
        assert!(join::first_boot(&place.at("kit1"), &place.at("box")).is_err());
        fs::write(&path, &good).unwrap();
    }
    assert!(kit::open(&place.at("kit1")).is_ok());
}

#[test]
fn another_townships_kit_files_do_not_mix() {
    let (ours, theirs) = (Place::with_centre(), Place::new());
    let other = theirs.at("other");
    township::create(&other, "红岩镇", "522301102000", &mut stream(77)).unwrap();
    ours.provision(1, "kit1").unwrap();
    station::provision(&other, &spec(1), &theirs.at("kit1"), &mut stream(9), 0).unwrap();
    for name in ["kit.json", "membership.bin", "signature.hex", "identity.key"] {
        let good = fs::read(ours.at("kit1").join(name)).unwrap();
        fs::copy(theirs.at("kit1").join(name), ours.at("kit1").join(name)).unwrap();
        assert!(kit::open(&ours.at("kit1")).is_err(), "{name}");
        fs::write(ours.at("kit1").join(name), good).unwrap();
    }
    assert!(kit::open(&ours.at("kit1")).is_ok());
}

#[test]
fn provisioning_twice_makes_one_identity_and_a_new_code() {
    let place = Place::with_centre();
    let first = place.provision(1, "kit1").unwrap();
    let again = station::provision(&place.town(), &spec(1), &place.at("kit1"), &mut stream(5), 0).unwrap();
    assert_eq!((first.device, first.list), (again.device, again.list));
    assert!(!again.fresh);
    assert_ne!(first.sign_in.as_str(), again.sign_in.as_str());
    assert!(matches!(place.provision(1, "elsewhere"), Err(ProvisionFault::Taken(..))));
    assert!(matches!(place.provision(2, "kit1"), Err(ProvisionFault::OtherKit(_))));
    // 9999 begins the numbers of every 演练
    assert!(matches!(place.provision(9999, "kit3"), Err(ProvisionFault::Invalid(_))));
    join::first_boot(&place.at("kit1"), &place.at("box1")).unwrap();
    assert!(matches!(place.provision(1, "kit1"), Err(ProvisionFault::Taken(..))), "the kit is used up");
    assert_eq!(membership::current(&place.town()).unwrap().members().len(), 2);
}

#[test]
fn a_replaced_box_keeps_its_number_and_the_old_one_is_cut() {
    let place = Place::with_centre();
    let old = place.provision(1, "kit1").unwrap();
    join::first_boot(&place.at("kit1"), &place.at("box1")).unwrap();
    let new = place.order(&Spec { replace: true, ..spec(1) }, "kit1b").unwrap();
    assert_ne!(old.device, new.device);
    let list = membership::current(&place.town()).unwrap();
    assert_eq!(list.station(StationNo(1)).unwrap().device, new.device);
    let log = LogId { device: old.device, epoch: Epoch([1; 8]), audience: Audience::Hub, lane: Lane::CASES };
    assert_eq!(list.accepts(&log, 1, &[0; 32]), Err(CutFault::UnlistedLog));

    // after review its heads are raised, and never lowered again
    let head = |seq| Head { log, seq, link: [3; 32] };
    let list = membership::cut(&place.town(), &old.device, &[head(9)]).unwrap();
    assert_eq!(list.accepts(&log, 9, &[3; 32]), Ok(()));
    assert!(matches!(
        membership::cut(&place.town(), &old.device, &[head(8)]),
        Err(TownshipFault::Refused(_))
    ));
    let foreign = Head { log: LogId { device: new.device, ..log }, ..head(1) };
    assert!(membership::cut(&place.town(), &old.device, &[foreign]).is_err());
}

#[test]
fn the_newest_list_reaches_kits_made_earlier() {
    let place = Place::with_centre();
    place.provision(1, "kit1").unwrap();
    place.provision(2, "kit2").unwrap();
    let before = kit::open(&place.at("kit1")).unwrap().membership;
    assert!(before.station(StationNo(2)).is_none());
    let kits = [place.at("kit1"), place.at("kit2"), place.at("nothing")];
    let done = membership::reissue(&place.town(), &kits).unwrap();
    assert!(matches!(done[0].outcome, Ok(true)));
    assert!(matches!(done[1].outcome, Ok(false)));
    assert!(matches!(done[2].outcome, Err(KitFault::Missing(..))));
    let after = kit::open(&place.at("kit1")).unwrap().membership;
    assert!(after.station(StationNo(2)).is_some());

    // an older list put back into a kit is refused: lists only move forward
    let old_list = fs::read(place.town().join("membership/0001-000001.bin")).unwrap();
    fs::write(place.at("kit2/membership.bin"), old_list).unwrap();
    assert!(matches!(kit::open(&place.at("kit2")), Err(KitFault::Tampered(_, "membership.bin"))));
    let cut = membership::cut(&place.town(), &after.station(StationNo(1)).unwrap().device, &[]).unwrap();
    assert!(cut.number() > after.number());
    let done = membership::reissue(&place.town(), &kits[..1]).unwrap();
    assert!(matches!(done[0].outcome, Err(KitFault::Withdrawn(_))));
}

#[test]
fn only_the_root_makes_a_centre() {
    let place = Place::with_centre();
    let list = membership::current(&place.town()).unwrap();
    assert_eq!((list.number().generation, list.number().epoch), (2, 1));
    fs::rename(place.town().join("root.key"), place.at("safe")).unwrap();
    assert!(place.provision(1, "kit1").is_ok(), "stations need no root key");
    let replace = Spec { replace: true, ..spec(0) };
    assert!(matches!(
        place.order(&replace, "kit0b"),
        Err(ProvisionFault::Township(TownshipFault::RootAway(_)))
    ));
    fs::rename(place.at("safe"), place.town().join("root.key")).unwrap();
    place.order(&replace, "kit0b").unwrap();
    let sealing = |kit: &str| kit::open(&place.at(kit)).unwrap().member.sealing;
    assert_eq!(sealing("kit0"), sealing("kit0b"), "what was sealed to the old centre still opens");
    assert_eq!(membership::current(&place.town()).unwrap().number().generation, 3);
}

/// Fails if a new centre, or a restored one, counts its receipts under the incarnation of the one before; or if the list that
/// says so cannot be carried to a box that has joined.
#[test]
fn a_new_or_restored_centre_has_an_incarnation_of_its_own() {
    let place = Place::new();
    assert!(membership::restored(&place.town()).is_err(), "no centre, nothing to restore");
    place.provision(0, "kit0").unwrap();
    place.provision(1, "kit1").unwrap();
    let incarnation = || membership::current(&place.town()).unwrap().incarnation();
    assert_eq!(incarnation(), 1);
    join::first_boot(&place.at("kit0"), &place.at("box0")).unwrap();
    let newest = membership::current(&place.town()).unwrap();
    kit::of_centre(&place.at("kit0"), &newest).unwrap();
    let others = ["kit1", "nowhere"].map(|kit| kit::of_centre(&place.at(kit), &newest));
    assert!(matches!(others, [Err(KitFault::NotCentre(_)), Err(KitFault::Missing(..))]), "{others:?}");
    let list = membership::restored(&place.town()).unwrap();
    assert_eq!((list.incarnation(), list.number().generation), (2, 2));
    membership::reissue(&place.town(), &[place.at("kit0")]).unwrap();
    let joined = join::first_boot(&place.at("kit0"), &place.at("box0")).unwrap();
    assert_eq!(joined.membership, list, "the used stick brought the list");
    assert_eq!(join::load(&place.at("box0")).unwrap().membership, list, "and it stays");
    place.order(&Spec { replace: true, ..spec(0) }, "kit0b").unwrap();
    assert_eq!(incarnation(), 3);
    let newest = membership::current(&place.town()).unwrap();
    kit::of_centre(&place.at("kit0b"), &newest).unwrap();
    assert!(kit::of_centre(&place.at("kit0"), &newest).is_err(), "the centre before is none");
}

#[test]
fn the_recovery_sheet_can_be_typed_back() {
    let place = Place::new();
    let town = township::open(&place.town()).unwrap();
    let text = town.recovery_sheet().unwrap();
    assert!(text.contains("青山镇") && text.contains(&town.root().fingerprint()));
    let rows: Vec<&str> = text.lines().filter(|line| line.contains(" - ")).collect();
    assert_eq!(rows.len(), 8);
    let root = sheet::read(&rows[..4].join("\n").to_lowercase()).unwrap();
    assert_eq!(&identity::RootKey::from_seed(*root).id(), town.root());
    let mut slip = rows[..4].join("\n");
    let at = slip.find('\n').unwrap() + 1;
    let digit = if slip[at..].starts_with('0') { "1" } else { "0" };
    slip.replace_range(at..=at, digit);
    assert_eq!(sheet::read(&slip).unwrap_err(), sheet::SheetFault::Row(2));
    assert!(sheet::read(rows[0]).is_err());
    fs::remove_file(place.town().join("root.key")).unwrap();
    assert!(town.recovery_sheet().is_err());
}

#[test]
fn a_township_is_founded_once_and_an_impossible_order_refused() {
    let place = Place::with_centre();
    let again = township::create(&place.town(), "青山镇", "522301102000", &mut stream(2));
    assert!(matches!(again.err(), Some(TownshipFault::Exists(_))));
    let refused = |change: fn(&mut Spec)| {
        let mut order = spec(7);
        change(&mut order);
        let fault = place.order(&order, "kit7").err().unwrap();
        assert!(!fault.to_string().is_ascii());
    };
    refused(|s| s.number = 10_000 - 1 + 1);
    refused(|s| s.number = 0);
    refused(|s| s.role = Role::Centre);
    refused(|s| s.division = "5223".into());
    refused(|s| s.division = "341823990001".into());
    refused(|s| s.addresses = vec!["10.0.0.1".into()]);
    refused(|s| s.clerk.name = " ".into());
    refused(|s| s.name = String::new());
    assert!(!place.at("kit7").exists());
    let nowhere = township::open(&place.at("nowhere")).err().unwrap().to_string();
    assert!(nowhere.contains("还没有建好乡镇"), "{nowhere}");
}

/// Fails if a secret, a code or a clerk's name shows where it should not.
#[test]
fn secrets_are_private_files_and_never_printed() {
    let place = Place::with_centre();
    let made = place.provision(1, "kit1").unwrap();
    assert_eq!(made.sign_in.len(), crate::limit::SIGN_IN_DIGITS);
    assert!(made.sign_in.bytes().all(|b| b.is_ascii_digit()));
    let kit = kit::open(&place.at("kit1")).unwrap();
    assert!(kit.kit.sign_in.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    let hash = PasswordHash::new(&kit.kit.sign_in).unwrap();
    let fits = |code: &str| Argon2::default().verify_password(code.as_bytes(), &hash).is_ok();
    assert!(fits(&made.sign_in) && !fits("000000000000"), "the box's own check takes the code");
    let shown = format!("{kit:?}");
    let secret = fs::read_to_string(place.at("kit1/identity.key")).unwrap();
    for word in ["陈小芳", "argon2", secret.trim(), made.sign_in.as_str()] {
        assert!(!shown.contains(word), "{shown}");
    }
    for entry in all_files(&place.base) {
        let text = String::from_utf8_lossy(&fs::read(&entry).unwrap()).into_owned();
        assert!(!text.contains(made.sign_in.as_str()), "{}", entry.display());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&entry).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", entry.display());
        }
    }
}

fn all_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(all_files(&path)) } else { files.push(path) }
    }
    files
}
