//! Who stands behind the counter: the station's profile and its staff.

use serde::{Deserialize, Serialize};

/// A station's number as the township's list gives it; 0 is the centre.
pub type StationNo = u16;

/// The centre's number.
pub const CENTRE: StationNo = 0;

/// What is printed about a station (requirements A1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// 0 for the centre.
    pub number: StationNo,
    /// By the naming rule: 枫河镇杨村便民服务站.
    pub name: String,
    /// Division code, 12 digits.
    pub division: String,
    /// 枫河镇.
    pub township: String,
    /// 泾县.
    pub county: String,
    /// Where to come.
    pub address: String,
    /// Whom to ring.
    pub phone: String,
    /// When it is open, as a resident reads it.
    pub hours: String,
}

impl Profile {
    /// Whether this is the township centre.
    #[must_use]
    pub fn is_centre(&self) -> bool {
        self.number == CENTRE
    }

    /// 枫河镇便民服务中心; plainly 镇中心 where the township's name is not known.
    #[must_use]
    pub fn centre(&self) -> String {
        match self.township.as_str() {
            "" => "镇中心".to_owned(),
            township => format!("{township}便民服务中心"),
        }
    }

    /// 枫河镇人民政府.
    #[must_use]
    pub fn township_government(&self) -> String {
        format!("{}人民政府", self.township)
    }
}

/// A member of staff, as papers and events name them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// Id within the box, ASCII.
    pub id: String,
    /// Name.
    pub name: String,
    /// Post: 综合窗口A岗.
    pub post: String,
}
