//! Why an act is not done, in words a clerk would say aloud. Never holds a person's data.

/// One field that needs another look: which, why, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the form field: the fact or cell name (`0/id_number`, `scenario`, `m/hukou`).
    pub field: String,
    /// What the clerk calls the field.
    pub label: String,
    /// Why, and what to do. Whole sentences in Chinese.
    pub message: String,
}

/// All fields that need another look, in the order of the page. Empty means that all is well.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// Adds one; a field keeps every message given for it.
    pub fn add(&mut self, field: impl Into<String>, label: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError { field: field.into(), label: label.into(), message: message.into() });
    }

    /// The first message for a field, to stand beside it.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }

    /// All, for the summary on top.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Nothing to correct.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps only the errors of which `keep` says so.
    pub fn retain(&mut self, keep: impl Fn(&FieldError) -> bool) {
        self.0.retain(keep);
    }

    /// Takes over another list's errors, but what is told of a field already.
    pub fn extend(&mut self, other: Self) {
        for error in other.0 {
            if !self.0.contains(&error) {
                self.0.push(error);
            }
        }
    }
}

/// An act that is not done. What was typed is not touched by it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// Why, and what to do instead.
    pub message: String,
    /// The fields to look at; empty when the reason is not a field.
    pub fields: FieldErrors,
}

impl Refusal {
    /// A refusal for a reason that is no field's.
    #[must_use]
    pub fn because(message: impl Into<String>) -> Self {
        Self { message: message.into(), fields: FieldErrors::default() }
    }

    /// A refusal for one field.
    #[must_use]
    pub fn field(
        field: impl Into<String>,
        label: impl Into<String>,
        message: impl Into<String> + Clone,
    ) -> Self {
        let mut fields = FieldErrors::default();
        fields.add(field, label, message.clone());
        Self { message: message.into(), fields }
    }

    /// A refusal for the fields listed.
    #[must_use]
    pub fn fields(fields: FieldErrors) -> Self {
        Self { message: format!("还差 {} 处，改好再办。", fields.len()), fields }
    }
}
