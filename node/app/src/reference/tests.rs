use crate::testing::{MONDAY, TestClock, clerk, township};
use crate::{ActError, Node};
use model::item::Version;
use std::sync::Arc;
use store::MemoryEngine;

fn centre() -> Node {
    township(1, 3).start(0, Arc::new(MemoryEngine::new()), TestClock::at(MONDAY), 1)
}

fn sample(code: &str) -> Version {
    let today = model::Date::constant(2026, 11, 23);
    model::catalogue::sample().unwrap().current(code, today).unwrap().clone()
}

/// D5. Fails if an item that asks for a certificate no village may give can be published, if the words do not say which
/// item and which paper, or if the sound item beside it is published by halves.
#[test]
fn an_item_with_a_fault_is_not_published() {
    let centre = centre();
    let (sound, mut faulty) = (sample("S007"), sample("S047"));
    let paper = &mut faulty.materials[0];
    (paper.name, paper.source_note) = ("亲属关系证明".to_owned(), "到村委会开".to_owned());
    let refused = centre.publish_items(&clerk(), vec![sound.clone(), faulty]);
    let Err(ActError::Refused(refusal)) = refused else { panic!("{refused:?}") };
    let words: Vec<_> =
        refusal.fields.iter().map(|fault| (fault.label.clone(), fault.message.clone())).collect();
    let [(label, message)] = words.as_slice() else { panic!("{words:?}") };
    assert!(label.contains("高龄津贴申领") && message.contains("亲属关系证明"), "{words:?}");
    assert!(message.contains("民发〔2020〕20号") && message.contains("改为："), "{message}");
    assert_eq!(centre.reference().catalogue.items().count(), 0, "all or none");
    // a warning keeps nothing back: S085 wants the licence itself
    centre.publish_items(&clerk(), vec![sound, sample("S085")]).unwrap();
    assert_eq!(centre.reference().catalogue.items().count(), 2);
}
