//! Posted files: the fields and the files of a form with `enctype="multipart/form-data"`, within limits. A form that was too
//! long was read and thrown away by [`super::body`]; the page that asked for the file says so, in its own words.

use axum::extract::{FromRequest, Multipart, Request};

use super::body::Oversize;
use super::fault::Fault;
use super::form::Fields;
use crate::limit;

/// What came.
#[derive(Debug, Default)]
pub(crate) struct Upload {
    pub(crate) fields: Fields,
    pub(crate) files: Vec<File>,
    /// Bytes of a form that was too long; then nothing of it is here.
    pub(crate) oversize: Option<usize>,
}

/// A file. Its name on the person's machine is never kept: it may be a person's. `Debug` tells its size alone.
pub(crate) struct File {
    /// The form field.
    pub(crate) field: String,
    pub(crate) bytes: Vec<u8>,
}

impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "File({}, {} bytes)", self.field, self.bytes.len())
    }
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        if let Some(Oversize(bytes)) = request.extensions().get::<Oversize>() {
            return Ok(Self { oversize: Some(*bytes), ..Self::default() });
        }
        let mut form = Multipart::from_request(request, state).await.map_err(|_not_one| Fault::BadForm)?;
        let (mut pairs, mut files) = (Vec::new(), Vec::new());
        while let Some(part) = form.next_field().await.map_err(|_broken| Fault::BadForm)? {
            let name = part.name().unwrap_or_default().to_owned();
            let is_file = part.file_name().is_some();
            let bytes = part.bytes().await.map_err(|_broken| Fault::BadForm)?;
            if pairs.len() + files.len() >= limit::UPLOAD_PARTS_MAX {
                return Err(Fault::TooLarge);
            }
            if !is_file {
                let text = String::from_utf8(bytes.to_vec()).map_err(|_not_text| Fault::BadForm)?;
                pairs.push((name, text));
            } else if !bytes.is_empty() {
                // a file field left empty comes as a file without a name and without bytes
                files.push(File { field: name, bytes: bytes.to_vec() });
            }
        }
        Ok(Self { fields: Fields::new(pairs), files, oversize: None })
    }
}
