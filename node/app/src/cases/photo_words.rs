//! Why a photo is not taken, and what to do, in the words a clerk would use.

use crate::picture::PictureFault;
use model::Refusal;

/// Field that a refusal of a file names.
const PHOTO: &str = "photo";

fn field(message: &str) -> Refusal {
    Refusal::field(PHOTO, "照片", message)
}

/// Of a file that is no photo, or too much of one.
pub(super) fn refused(fault: PictureFault, bytes: usize) -> Refusal {
    match fault {
        PictureFault::Unknown => {
            field("这个文件不是照片。请选手机、高拍仪拍的照片，或者扫描成 JPG、PNG 的图片。")
        }
        PictureFault::Broken => field("这张照片没有传完整，打不开。请重新拍一张，或者换一个文件。"),
        PictureFault::TooLarge => too_large(bytes),
        PictureFault::TooWide => {
            field("照片的尺寸太大（每边最多 4096 点）。请在能缩小照片的页面里加，或用手机拍小一点。")
        }
    }
}

/// Of a file with too many bytes.
#[must_use]
pub fn too_large(bytes: usize) -> Refusal {
    let size = if bytes >= 1024 * 1024 {
        format!("{} MB", bytes / (1024 * 1024))
    } else {
        format!("{} KB", bytes / 1024)
    };
    field(&format!("照片太大（{size}，最多 300 KB）。请在能缩小照片的页面里加，或用手机拍小一点。"))
}

/// Of a case with photos enough.
pub(super) fn case_full() -> Refusal {
    field("这一件的照片加起来太大，放不下了。请去掉拍重的，或者拍小一点再加。")
}

/// Of a box whose disk fills up.
pub(crate) fn no_room() -> Refusal {
    field("本机的盘快满了，先不收照片；办件照常能办。请打电话找工程师，照片先留着原件。")
}
