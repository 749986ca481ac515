//! Just enough reading of a page to fill in its forms: the pages are ours and well-formed, axe and the browser look
//! at them properly.

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// HTTP status after redirects.
    pub status: u16,
    /// Where the redirects ended.
    pub url: String,
    /// The body as text.
    pub body: String,
}

/// A form as the page offers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Where it goes, absolute.
    pub action: String,
    /// POST, else GET.
    pub post: bool,
    /// Names and values as a browser would send them untouched (without the buttons).
    pub fields: Vec<(String, String)>,
}

impl Page {
    /// What one reads: the body without tags and styles, with single blanks.
    #[must_use]
    pub fn text(&self) -> String {
        let (mut text, mut rest) = (String::new(), self.body.as_str());
        while let Some((before, after)) = rest.split_once('<') {
            text.push_str(before);
            text.push(' ');
            rest = after.split_once('>').map_or("", |(_, rest)| rest);
        }
        text.push_str(rest);
        unescape(&text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The forms of the page.
    #[must_use]
    pub fn forms(&self) -> Vec<Form> {
        self.body.split("<form").skip(1).filter_map(|rest| self.form_in(rest)).collect()
    }

    /// The first form whose action ends with `end`.
    #[must_use]
    pub fn form(&self, end: &str) -> Option<Form> {
        self.forms().into_iter().find(|form| form.action.ends_with(end))
    }

    /// The targets of the links whose text holds `words`, absolute.
    #[must_use]
    pub fn links(&self, words: &str) -> Vec<String> {
        let each = self.body.split("<a ").skip(1).filter_map(|rest| {
            let (tag, rest) = rest.split_once('>')?;
            let inside = Self { status: 0, url: String::new(), body: rest.split("</a>").next()?.to_owned() };
            inside.text().contains(words).then(|| attribute(tag, "href").map(|href| self.absolute(&href)))?
        });
        each.collect()
    }

    fn form_in(&self, rest: &str) -> Option<Form> {
        let (tag, rest) = rest.split_once('>')?;
        let inside = rest.split("</form>").next()?;
        let action = attribute(tag, "action").unwrap_or_default();
        let post = attribute(tag, "method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
        Some(Form { action: self.absolute(&action), post, fields: fields(inside) })
    }

    fn absolute(&self, target: &str) -> String {
        let plain = self.url.split(['?', '#']).next().unwrap_or_default();
        let host: Vec<&str> = plain.splitn(4, '/').take(3).collect();
        match target {
            "" => plain.to_owned(),
            _ if target.contains("://") => target.to_owned(),
            _ if target.starts_with('/') => format!("{}{target}", host.join("/")),
            _ => format!("{}/{target}", plain.rsplit_once('/').map_or(plain, |(folder, _)| folder)),
        }
    }
}

fn fields(inside: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for rest in inside.split('<').skip(1) {
        let Some((tag, after)) = rest.split_once('>') else { continue };
        let Some(name) = attribute(tag, "name") else { continue };
        let kind = attribute(tag, "type").unwrap_or_default();
        let value = attribute(tag, "value");
        if tag.starts_with("input") {
            let chosen = !matches!(kind.as_str(), "checkbox" | "radio") || has(tag, "checked");
            if chosen && !matches!(kind.as_str(), "submit" | "image" | "file" | "button" | "reset") {
                fields.push((
                    name,
                    value.unwrap_or_else(|| if has(tag, "checked") { "on".into() } else { String::new() }),
                ));
            }
        } else if tag.starts_with("textarea") {
            fields.push((name, unescape(after)));
        } else if tag.starts_with("select") {
            let options = inside.split_once(rest).map(|(_, after)| after).unwrap_or_default();
            let options: Vec<&str> =
                options.split("</select>").next().unwrap_or_default().split("<option").skip(1).collect();
            let tags = || options.iter().filter_map(|option| option.split('>').next());
            let chosen = tags().find(|tag| has(tag, "selected")).or_else(|| tags().next());
            fields.extend(chosen.and_then(|tag| attribute(tag, "value")).map(|value| (name, value)));
        }
    }
    fields
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag
        .split_once(&format!(" {name}=\""))
        .or_else(|| tag.strip_prefix(&format!("{name}=\"")).map(|rest| ("", rest)))?;
    rest.split('"').next().map(unescape)
}

fn has(tag: &str, word: &str) -> bool {
    tag.split_whitespace().any(|part| part == word || part.starts_with(&format!("{word}=")))
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}
