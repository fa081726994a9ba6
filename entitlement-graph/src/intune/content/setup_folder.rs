//! The folder with a setup program, zipped while it is read.
//!
//! ```no_run
//! use entitlement_graph::intune::content::setup_folder::SetupFolder;
//! use entitlement_graph::intune::content::source::ContentFile;
//!
//! let folder = SetupFolder::read("installers/mip")?;
//! let content = ContentFile::win32("mip.zip", folder);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! Nothing is written to the disk, and nothing compressed: installers are already. The same files give the same bytes, so
//! that an upload can be resumed.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::source::{ContentSource, file_name};

/// From this size on a zip needs wider numbers, with room for what comes on top.
const LARGE: u64 = (1 << 32) - (1 << 20);

/// Files that are to be zipped, by their paths in the zip.
#[derive(Debug, Clone, Default)]
pub struct SetupFolder {
    files: BTreeMap<String, Arc<dyn ContentSource>>,
}

impl SetupFolder {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// A folder of the disk, with all that is in it; links are not followed.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(folder: impl AsRef<Path>) -> io::Result<Self> {
        let mut all = Self::new();
        let mut open = vec![(String::new(), folder.as_ref().to_path_buf())];
        while let Some((prefix, folder)) = open.pop() {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                let (path, kind) = (entry.path(), entry.file_type()?);
                let name = format!("{prefix}{}", file_name(&path));
                if kind.is_dir() {
                    open.push((format!("{name}/"), path));
                } else if kind.is_file() {
                    all = all.file(name, path);
                }
            }
        }
        Ok(all)
    }

    /// One more file, under a path with `/` in it; the last of a path counts.
    pub fn file(self, path: impl Into<String>, source: impl ContentSource + 'static) -> Self {
        self.shared(path.into(), Arc::new(source))
    }

    pub(super) fn shared(mut self, path: String, source: Arc<dyn ContentSource>) -> Self {
        self.files.insert(path, source);
        self
    }

    fn zip(&self, to: impl Write) -> io::Result<()> {
        let mut zip = ZipWriter::new_stream(to);
        for (path, source) in &self.files {
            let options = SimpleFileOptions::default()
                .compression_method(CompressionMethod::Stored)
                .large_file(source.size()? >= LARGE);
            zip.start_file(path.as_str(), options)?;
            io::copy(&mut source.open()?, &mut zip)?;
        }
        zip.finish()?.into_inner().flush()
    }
}

impl ContentSource for SetupFolder {
    /// Reads all files once, as the length of a zip depends on what is in it.
    fn size(&self) -> io::Result<u64> {
        let mut counter = Counter(0);
        self.zip(&mut counter)?;
        Ok(counter.0)
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let (reader, writer) = io::pipe()?;
        let folder = self.clone();
        let zipping = thread::Builder::new()
            .name("entitlement-zip".to_owned())
            .spawn(move || folder.zip(Quiet::new(writer)))?;
        Ok(Box::new(Zipped {
            reader,
            zipping: Some(zipping),
        }))
    }
}

/// What comes out of the thread that zips.
struct Zipped {
    reader: io::PipeReader,
    zipping: Option<thread::JoinHandle<io::Result<()>>>,
}

impl Read for Zipped {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(into)?;
        if read > 0 || into.is_empty() {
            return Ok(read);
        }
        // The end: of the files, or of what could be read of them.
        match self.zipping.take().map(thread::JoinHandle::join) {
            None | Some(Ok(Ok(()))) => Ok(0),
            Some(Ok(Err(error))) => Err(error),
            Some(Err(_panic)) => Err(io::Error::other("the thread that zips has died")),
        }
    }
}

/// Says once that nobody listens. The zip is finished when it is dropped too, and would complain where all can see it.
struct Quiet<W> {
    to: W,
    is_broken: bool,
}

impl<W: Write> Quiet<W> {
    fn new(to: W) -> Self {
        Self {
            to,
            is_broken: false,
        }
    }
}

impl<W: Write> Write for Quiet<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_broken {
            return Ok(bytes.len());
        }
        let outcome = self.to.write(bytes);
        self.is_broken =
            matches!(&outcome, Err(error) if error.kind() == io::ErrorKind::BrokenPipe);
        outcome
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.is_broken {
            return Ok(());
        }
        self.to.flush()
    }
}

struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += u64::try_from(bytes.len()).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
