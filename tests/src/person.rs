//! Somebody at a browser, without the browser: fetches pages and sends forms by plain HTTP, with cookies, optionally
//! from inside a network namespace. It is `curl`, so the whole path from the socket on is the real one.

use crate::namespace::Namespace;
use crate::page::{Form, Page};
use std::io;
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// A page that takes longer than this is a fault of its own.
const SECONDS_MAX: &str = "30";
/// Between the page and what curl says about it; no page holds it.
const MARK: &str = "\u{1e}bianmin\u{1e}";

/// A request could not be made at all.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// curl is not there.
    #[error("curl: {0}")]
    Curl(#[from] io::Error),
    /// No connection, no answer, or an answer that is no HTTP.
    #[error("{method} {url}: {said}")]
    Line {
        /// GET or POST.
        method: &'static str,
        /// What was asked for.
        url: String,
        /// What curl said.
        said: String,
    },
}

/// One person with one cookie jar.
#[derive(Debug)]
pub struct Person {
    jar: PathBuf,
    namespace: Option<Namespace>,
}

impl Person {
    /// Somebody whose cookies are kept in the file `jar`, sitting in `namespace` or on this machine.
    #[must_use]
    pub fn new(jar: PathBuf, namespace: Option<Namespace>) -> Self {
        Self { jar, namespace }
    }

    /// Opens a page, following redirects.
    ///
    /// # Errors
    /// [`NoAnswer`] when nothing comes back; a refusal is a [`Page`] like any other.
    pub async fn get(&self, url: &str) -> Result<Page, NoAnswer> {
        self.ask("GET", url, &[]).await
    }

    /// Sends a form as a browser does: what the page put into it, `filled` in place of the fields of the same name.
    ///
    /// # Errors
    /// [`NoAnswer`] when nothing comes back.
    pub async fn send(&self, form: &Form, filled: &[(&str, &str)]) -> Result<Page, NoAnswer> {
        let mut fields: Vec<(String, String)> = form
            .fields
            .iter()
            .filter(|(name, _)| !filled.iter().any(|(other, _)| other == name))
            .cloned()
            .collect();
        fields.extend(filled.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        if form.post {
            return self.ask("POST", &form.action, &fields).await;
        }
        let mut command = vec!["--get".to_owned()];
        command.extend(urlencoded(&fields));
        self.curl("GET", &form.action, &command).await
    }

    /// Sends a form with a file in its field `field`, as a browser does.
    ///
    /// # Errors
    /// [`NoAnswer`] when nothing comes back.
    pub async fn send_file(&self, form: &Form, field: &str, file: &Path) -> Result<Page, NoAnswer> {
        let origin = form.action.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let mut arguments = vec!["--header".to_owned(), format!("Origin: {origin}")];
        for (name, value) in &form.fields {
            arguments.extend(["--form-string".to_owned(), format!("{name}={value}")]);
        }
        arguments.extend(["--form".to_owned(), format!("{field}=@{};type=image/jpeg", file.display())]);
        self.curl("POST", &form.action, &arguments).await
    }

    /// What is at an address, byte by byte, in a file.
    ///
    /// # Errors
    /// [`NoAnswer`] when nothing comes back.
    pub async fn save(&self, url: &str, to: &Path) -> Result<(), NoAnswer> {
        self.curl("GET", url, &["--output".to_owned(), to.display().to_string()]).await.map(drop)
    }

    async fn ask(
        &self,
        method: &'static str,
        url: &str,
        fields: &[(String, String)],
    ) -> Result<Page, NoAnswer> {
        let mut arguments = Vec::new();
        if method == "POST" {
            let origin = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
            arguments.extend(["--header".to_owned(), format!("Origin: {origin}")]);
            let encoded = urlencoded(fields);
            if encoded.is_empty() {
                arguments.extend(["--data".to_owned(), String::new()]);
            }
            arguments.extend(encoded);
        }
        self.curl(method, url, &arguments).await
    }

    async fn curl(&self, method: &'static str, url: &str, extra: &[String]) -> Result<Page, NoAnswer> {
        let mut command = match &self.namespace {
            None => Command::new("curl"),
            Some(namespace) => {
                let mut command = Command::new("ip");
                command.args(namespace.inside()).arg("curl");
                command
            }
        };
        command
            .args(["--silent", "--show-error", "--location", "--noproxy", "*", "--max-time", SECONDS_MAX])
            .arg("--write-out")
            .arg(format!("{MARK}%{{http_code}} %{{url_effective}}"))
            .arg("--cookie")
            .arg(&self.jar)
            .arg("--cookie-jar")
            .arg(&self.jar)
            .args(extra)
            .arg(url)
            .kill_on_drop(true);
        let output = command.output().await?;
        let all = String::from_utf8_lossy(&output.stdout);
        let parts = all.rsplit_once(MARK).and_then(|(body, tail)| Some((body, tail.split_once(' ')?)));
        match parts {
            Some((body, (status, url))) if output.status.success() => {
                Ok(Page { status: status.parse().unwrap_or(0), url: url.to_owned(), body: body.to_owned() })
            }
            _ => Err(NoAnswer::Line {
                method,
                url: url.to_owned(),
                said: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            }),
        }
    }
}

fn urlencoded(fields: &[(String, String)]) -> Vec<String> {
    fields
        .iter()
        .flat_map(|(name, value)| ["--data-urlencode".to_owned(), format!("{name}={value}")])
        .collect()
}
