use tokio::io::duplex;

use super::*;

fn frame_of(length: u32, body: &[u8]) -> Vec<u8> {
    [length.to_be_bytes().as_slice(), body].concat()
}

async fn read_from(bytes: &[u8]) -> Result<Vec<u8>, PipeFault> {
    let mut from = bytes;
    read_frame(&mut from, || limit::FRAME_BYTES_MAX, &Patience::default()).await
}

/// Fails when the frame that was written is not the frame that is read, whatever its length.
#[tokio::test]
async fn frames_come_out_as_they_went_in() {
    for length in [1, 2, limit::PIECE_BYTES, limit::PIECE_BYTES + 1, limit::FRAME_BYTES_MAX] {
        let frame: Vec<u8> = (0..length).map(|n| (n % 251) as u8).collect();
        let mut bytes = Vec::new();
        write_frame(&mut bytes, &frame_of(u32::try_from(length).unwrap(), &frame), &Patience::default())
            .await
            .unwrap();
        assert_eq!(read_from(&bytes).await.unwrap(), frame);
    }
}

/// Fails when a length above the limit is believed, or when its bytes are waited for.
#[tokio::test]
async fn an_oversized_or_empty_frame_is_refused_by_its_length_alone() {
    let over = u32::try_from(limit::FRAME_BYTES_MAX).unwrap() + 1;
    for length in [0, over, u32::MAX] {
        assert!(matches!(read_from(&frame_of(length, b"x")).await, Err(PipeFault::Length(l)) if l == length));
    }
}

/// Fails when an end inside a frame is taken for a frame or for a clean end.
#[tokio::test]
async fn a_torn_frame_is_not_a_frame() {
    assert!(matches!(read_from(b"").await, Err(PipeFault::Closed)));
    for cut in 1..8 {
        let whole = frame_of(4, b"body");
        let bytes = whole.get(..cut).unwrap();
        assert!(matches!(read_from(bytes).await, Err(PipeFault::Torn)), "{cut}");
    }
}

/// Fails when a peer that sends half a frame, or one byte now and then, holds the link for ever.
#[tokio::test(start_paused = true)]
async fn half_a_frame_and_then_silence_is_dropped() {
    let patience = Patience::default();
    let (mut ours, mut theirs) = duplex(64);
    theirs.write_all(&frame_of(4, b"bo")).await.unwrap();
    let began = tokio::time::Instant::now();
    assert!(matches!(read_frame(&mut ours, || 1_000, &patience).await, Err(PipeFault::Slow)));
    assert!(began.elapsed() <= patience.frame + Duration::from_secs(2));

    let (mut ours, mut theirs) = duplex(64);
    let drip = async {
        theirs.write_all(&1_000u32.to_be_bytes()).await.unwrap();
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            theirs.write_all(b".").await.unwrap();
        }
    };
    tokio::select! {
        outcome = read_frame(&mut ours, || 1_000, &patience) => assert!(matches!(outcome, Err(PipeFault::Slow))),
        () = drip => {}
    }

    let (mut ours, _theirs) = duplex(64);
    assert!(matches!(read_frame(&mut ours, || 1_000, &patience).await, Err(PipeFault::Silent)));
}

/// Fails when a peer that never reads lets frames pile up here without end.
#[tokio::test(start_paused = true)]
async fn a_peer_that_does_not_read_is_given_up() {
    let (mut ours, _theirs) = duplex(64);
    let outbox = Outbox::default();
    outbox.push(vec![7; 1_000]);
    assert_eq!(outbox.bytes(), 1_000);
    let drained = outbox.drain(&mut ours, &Patience::default(), || ()).await;
    assert!(matches!(drained, Err(PipeFault::Stuck)));
}

/// Fails when a closed outbox loses what was queued before.
#[tokio::test]
async fn closing_writes_the_rest_first() {
    let (mut ours, mut theirs) = duplex(1_024);
    let outbox = Outbox::default();
    outbox.push(frame_of(3, b"one"));
    outbox.push(frame_of(3, b"two"));
    outbox.close();
    outbox.drain(&mut ours, &Patience::default(), || ()).await.unwrap();
    outbox.below(1).await;
    for expected in [b"one", b"two"] {
        assert_eq!(read_frame(&mut theirs, || 16, &Patience::default()).await.unwrap(), expected);
    }
}
