#![expect(clippy::indexing_slicing, reason = "test support: two ends, 0 and 1")]

use crate::Node;
use crate::mesh::MeshContext;
use std::collections::VecDeque;
use sync::{Config, Effect, Event, Session, Side};

/// Lets two boxes meet: one session over a perfect link, until neither has anything to say. Gives the bytes that went
/// each way.
pub fn meet(dialer: &Node, listener: &Node) -> (usize, usize) {
    meet_speaking(dialer, listener, 3)
}

/// [`meet`] of which the dialler speaks no later version of the protocol than this.
pub fn meet_speaking(dialer: &Node, listener: &Node, max: u8) -> (usize, usize) {
    let mut ends =
        [(dialer, Side::Dialer, listener), (listener, Side::Listener, dialer)].map(|(node, side, other)| {
            let max = if side == Side::Dialer { max } else { 3 };
            let config = Config { side, peer: other.device(), min: 1, max };
            (Session::new(config), MeshContext::new(node.clone()))
        });
    let mut mail: [VecDeque<Vec<u8>>; 2] = Default::default();
    let mut bytes = [0, 0];
    for (end, (session, context)) in ends.iter_mut().enumerate() {
        post(session.handle(0, Event::Connected, context), end, &mut mail, &mut bytes);
    }
    loop {
        let mut moved = false;
        for (end, (session, context)) in ends.iter_mut().enumerate() {
            let waiting = mail.get_mut(end).and_then(VecDeque::pop_front);
            if let Some(frame) = waiting {
                moved = true;
                post(session.handle(0, Event::Frame(frame), context), end, &mut mail, &mut bytes);
            }
        }
        if !moved {
            // Registers made by what came in (the centre's receipt) go out now.
            for (end, (session, context)) in ends.iter_mut().enumerate() {
                post(session.handle(0, Event::LocalChanged, context), end, &mut mail, &mut bytes);
            }
            if mail.iter().all(VecDeque::is_empty) {
                return (bytes[0], bytes[1]);
            }
        }
    }
}

fn post(effects: Vec<Effect>, from: usize, mail: &mut [VecDeque<Vec<u8>>; 2], bytes: &mut [usize; 2]) {
    for effect in effects {
        if let Effect::Send(frame) = effect {
            bytes[from] += frame.len();
            // A session takes frames without the length that a stream puts before them.
            mail[1 - from].push_back(frame[4..].to_vec());
        }
    }
}
