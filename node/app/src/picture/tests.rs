use super::*;
use proptest::prelude::*;

/// A small JPEG's frame: no decoder would draw it, but every walker of segments reads it.
fn jpeg(extra: &[u8], width: u16, height: u16) -> Vec<u8> {
    let [w1, w2] = width.to_be_bytes();
    let [h1, h2] = height.to_be_bytes();
    let mut file = vec![0xff, 0xd8];
    file.extend_from_slice(b"\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    file.extend_from_slice(extra);
    file.extend_from_slice(&[0xff, 0xc0, 0, 11, 8, h1, h2, w1, w2, 1, 1, 0x11, 0]);
    file.extend_from_slice(&[0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 0xff, 0, 3, 0xff, 0xd0, 4]);
    file.extend_from_slice(&[0xff, 0xd9]);
    file
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], &length[..], body].concat()
}

fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend_from_slice(b"\x0f\x01\x02\0\x04\0\0\0ACME");
    tiff.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    tiff.extend_from_slice(b"\0\0\0\0N 30.945 E 118.752 secret place");
    segment(0xe1, &tiff)
}

fn png(extra: &[u8], width: u32, height: u32) -> Vec<u8> {
    let mut file = png::SIGNATURE.to_vec();
    file.extend_from_slice(b"\0\0\0\x0dIHDR");
    file.extend_from_slice(
        &[&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0], b"crc0"].concat(),
    );
    file.extend_from_slice(extra);
    file.extend_from_slice(b"\0\0\0\x02IDATxycrc1\0\0\0\0IENDcrc2");
    file
}

fn webp(extra: &[u8], width: u16, height: u16) -> Vec<u8> {
    let body = [&[0, 0, 0, 0x9d, 1, 0x2a][..], &width.to_le_bytes(), &height.to_le_bytes()].concat();
    let chunk = [b"VP8 ".as_slice(), &10u32.to_le_bytes(), &body].concat();
    let all = [b"WEBP".as_slice(), &chunk, extra].concat();
    [b"RIFF".as_slice(), &u32::try_from(all.len()).unwrap().to_le_bytes(), &all].concat()
}

const MOST: usize = 300 * 1024;

/// Fails if a photo told where, when or with what it was taken, or what somebody wrote into it.
#[test]
fn what_does_not_draw_is_taken_out() {
    let comment = segment(0xfe, b"secret words");
    let maker = segment(0xed, b"Photoshop secret");
    let dirty = jpeg(&[exif(6), comment, maker].concat(), 1600, 1200);
    let picture = Picture::read(&[&dirty[..], b"secret behind the end"].concat(), MOST).unwrap();
    assert_eq!((picture.media, picture.width, picture.height), (Media::Jpeg, 1600, 1200));
    let has = |needle: &[u8]| picture.bytes.windows(needle.len()).any(|part| part == needle);
    assert!(!has(b"secret") && !has(b"ACME"));
    // it is still known which way is up, and reading it again changes nothing
    assert!(has(b"\x01\x12\0\x03\0\0\0\x01\0\x06"));
    assert_eq!(Picture::read(&picture.bytes, MOST).unwrap(), picture);
    assert_eq!(Picture::read(&jpeg(&[], 1600, 1200), MOST).unwrap().bytes, jpeg(&[], 1600, 1200));

    let text = b"\0\0\0\x0ctEXtsecret words0000";
    let picture = Picture::read(&[&png(text, 640, 480)[..], b"secret"].concat(), MOST).unwrap();
    assert_eq!((picture.width, picture.height, picture.bytes), (640, 480, png(&[], 640, 480)));
    let picture = Picture::read(&webp(b"EXIF\x06\0\0\0secret", 320, 200), MOST).unwrap();
    assert_eq!((picture.width, picture.height, picture.bytes), (320, 200, webp(&[], 320, 200)));
}

/// Fails if a document, a page, a film or a renamed file passed for a photo.
#[test]
fn what_is_no_image_is_told_by_its_first_bytes() {
    let files: [&[u8]; 8] = [
        b"",
        b"%PDF-1.7 \xff\xd8\xff",
        b"PK\x03\x04 word",
        b"GIF89a",
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
        b"BM6\0\0\0",
        b"\0\0\0\x18ftypheic",
        b"RIFF\x10\0\0\0WAVE",
    ];
    for file in files {
        assert_eq!(Picture::read(file, MOST), Err(PictureFault::Unknown), "{:?}", &file[..file.len().min(4)]);
    }
}

/// Fails if a small file that unfolds to gigabytes were kept for a browser to choke on.
#[test]
fn a_bomb_is_refused_unopened() {
    for file in
        [jpeg(&[], 65535, 65535), png(&[], 30_000, 30_000), webp(&[], 16_383, 9), png(&[], 4000, 4000)]
    {
        assert_eq!(Picture::read(&file, MOST), Err(PictureFault::TooWide));
    }
    for file in [jpeg(&[], 0, 100), png(&[], 100, 0)] {
        assert_eq!(Picture::read(&file, MOST), Err(PictureFault::Broken));
    }
    // a frame that says less than what it frames
    let framed = webp(b"VP8X\x0a\0\0\0\0\0\0\0\x09\0\0\x09\0\0", 16_000, 16_000);
    assert_eq!(Picture::read(&framed, MOST), Err(PictureFault::TooWide));
    assert_eq!(Picture::read(&jpeg(&[], 9, 9), 20), Err(PictureFault::TooLarge));
}

/// Fails if half a file passed for a photo.
#[test]
fn a_cut_file_is_broken() {
    for whole in [jpeg(&exif(3), 9, 9), png(b"\0\0\0\x02gAMAxx0000", 9, 9), webp(&[], 9, 9)] {
        assert!(Picture::read(&whole, MOST).is_ok());
        for cut in 12..whole.len() {
            assert!(Picture::read(&whole[..cut], MOST).is_err(), "cut at {cut} of {}", whole.len());
        }
    }
}

proptest! {
    /// Fails if any bytes at all end in a panic, or if what is left is not what reading it again leaves.
    #[test]
    fn any_bytes_are_refused_or_clean(kind in 0usize..3, noise in prop::collection::vec(any::<u8>(), 0..80), at in 0usize..60) {
        let mut file = [jpeg(&exif(8), 40, 30), png(&[], 40, 30), webp(&[], 40, 30)][kind].clone();
        let at = at.min(file.len());
        let end = (at + noise.len()).min(file.len());
        file.splice(at..end, noise);
        if let Ok(picture) = Picture::read(&file, MOST) {
            prop_assert!(picture.bytes.len() <= file.len() + 40);
            prop_assert_eq!(Picture::read(&picture.bytes, MOST), Ok(picture.clone()));
        }
    }
}
