//! Where the bytes of an installer come from.

use std::fmt::Debug;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use entitlement_core::intune::binary::Binary;

/// Bytes that can be read from the beginning as often as it takes.
///
/// Reading happens on a thread of its own, so it may block.
pub trait ContentSource: Send + Sync + Debug {
    /// How many bytes there are.
    ///
    /// # Errors
    ///
    /// If that cannot be found out.
    fn size(&self) -> io::Result<u64>;

    /// Begins to read.
    ///
    /// # Errors
    ///
    /// If there is nothing to read.
    fn open(&self) -> io::Result<Box<dyn Read + Send>>;
}

impl ContentSource for PathBuf {
    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(self)?))
    }
}

impl ContentSource for Bytes {
    fn size(&self) -> io::Result<u64> {
        u64::try_from(self.len()).map_err(io::Error::other)
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(self.clone())))
    }
}

/// A file that is to become an app's content.
///
/// ```
/// use bytes::Bytes;
/// use entitlement_graph::intune::content::source::ContentFile;
///
/// let zipped = ContentFile::win32("MIP.zip", Bytes::from_static(b"PK..."));
/// assert_eq!(zipped.name(), "MIP.zip");
/// ```
#[derive(Debug, Clone)]
pub struct ContentFile {
    name: String,
    manifest: Option<Binary>,
    source: Arc<dyn ContentSource>,
}

impl ContentFile {
    /// The content of a Win32 app: a zip of the folder with the setup program, as it is before encryption. To have it
    /// zipped, make a [`SetupFolder`](super::setup_folder::SetupFolder).
    ///
    /// Not an `.intunewin` of Microsoft's packing tool, which is encrypted already.
    pub fn win32(name: impl Into<String>, source: impl ContentSource + 'static) -> Self {
        Self {
            name: name.into(),
            manifest: None,
            source: Arc::new(source),
        }
    }

    /// The same from a file, under its own name.
    pub fn win32_at(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        Self::win32(file_name(path), path.to_path_buf())
    }

    /// The content of an MSI app, with its manifest.
    pub(super) fn msi(name: String, manifest: Binary, source: Arc<dyn ContentSource>) -> Self {
        Self {
            name,
            manifest: Some(manifest),
            source,
        }
    }

    /// The name that Intune keeps.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What Intune is told about what is in it; only MSIs have one.
    pub fn manifest(&self) -> Option<&Binary> {
        self.manifest.as_ref()
    }

    /// Where its bytes come from.
    pub fn source(&self) -> &Arc<dyn ContentSource> {
        &self.source
    }
}

pub(super) fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
