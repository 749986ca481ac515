//! The demo as a newcomer starts it: one command, three boxes, and `boxes.json` to find them by.

use crate::person::{NoAnswer, Person};
use crate::process::{self, Fault, Process, Signal};
use crate::wait::{self, InVain};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// First start: keys, three databases, the catalogue, three processes, in an unoptimised build on busy cores.
const START_WITHIN: Duration = Duration::from_secs(90);

/// One box as `boxes.json` has it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct DemoBox {
    /// The station's or centre's name.
    pub name: String,
    /// `centre` or `station`.
    pub role: String,
    /// Where its pages are.
    pub url: String,
    /// A one-time sign-in code, new with every start.
    pub sign_in: String,
    /// Where its link can be cut and restored.
    pub control_url: String,
}

/// The demo did not come up, or a page of it did not answer.
#[derive(Debug, thiserror::Error)]
pub enum DemoFault {
    /// Its process.
    #[error(transparent)]
    Process(#[from] Fault),
    /// It was not ready in time.
    #[error("{0}\n--- its log ---\n{1}")]
    Late(InVain, String),
    /// A page.
    #[error(transparent)]
    NoAnswer(#[from] NoAnswer),
    /// What came was not what was expected.
    #[error("{0}")]
    Unexpected(String),
}

/// A running demo; it ends when dropped.
#[derive(Debug)]
pub struct Demo {
    /// The process in the foreground.
    pub process: Process,
    /// Its boxes: the centre first.
    pub boxes: Vec<DemoBox>,
    data: PathBuf,
}

impl Demo {
    /// Starts `bianmin demo` on free ports with its data under `data`, and waits until every box answers.
    ///
    /// # Errors
    /// [`DemoFault`] with its log.
    pub async fn start(data: &Path) -> Result<Self, DemoFault> {
        let list = data.join("boxes.json");
        // A list of an earlier run would send us to doors that are closed.
        let _ = std::fs::remove_file(&list);
        let folder = data.display().to_string();
        let program = process::binary()?;
        let arguments = ["demo", "--data", &folder, "--port", "0"];
        let process = Process::start("demo", &program, &arguments, &data.join("test"))?;
        let mut demo = Self { process, boxes: Vec::new(), data: data.to_owned() };
        let someone = demo.person("waiting");
        let ready = wait::until("the demo's boxes answer", START_WITHIN, || async {
            let text = std::fs::read_to_string(&list).map_err(|error| error.to_string())?;
            let boxes: Vec<DemoBox> = serde_json::from_str(&text).map_err(|error| error.to_string())?;
            for one in &boxes {
                let page = someone.get(&one.url).await.map_err(|error| error.to_string())?;
                if page.status != 200 {
                    return Err(format!("{} answers {}", one.url, page.status));
                }
            }
            if boxes.len() == 3 { Ok(boxes) } else { Err(format!("{} boxes", boxes.len())) }
        });
        demo.boxes = ready.await.map_err(|vain| DemoFault::Late(vain, demo.process.log()))?;
        demo.boxes.sort_by_key(|one| (one.role != "centre", one.name.clone()));
        Ok(demo)
    }

    /// Somebody with a cookie jar of their own.
    #[must_use]
    pub fn person(&self, name: &str) -> Person {
        Person::new(self.data.join("test").join(format!("{name}.cookies")), None)
    }

    /// Ctrl-C, and waits for the end.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn stop(mut self) -> Result<(), DemoFault> {
        self.process.signal(Signal::Interrupt);
        self.process.ends(wait::PATIENCE).await?;
        Ok(())
    }
}

/// Signs in with a box's one-time code and goes to its workbench without setting a password.
///
/// # Errors
/// [`DemoFault`] when the box refuses.
pub async fn sign_in(person: &Person, at: &DemoBox) -> Result<crate::page::Page, DemoFault> {
    let page = person.get(&format!("{}/sign-in", at.url.trim_end_matches('/'))).await?;
    let form =
        page.form("/sign-in").ok_or_else(|| DemoFault::Unexpected(format!("no sign-in on {}", page.url)))?;
    let page = person.send(&form, &[("code", &at.sign_in), ("by", "code")]).await?;
    let Some(form) = page.form("/password") else {
        return Err(DemoFault::Unexpected(format!("sign-in answered {} {}", page.status, page.text())));
    };
    Ok(person.send(&form, &[("do", "skip")]).await?)
}
