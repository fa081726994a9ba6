//! The encryption that Intune asks for: AES-256-CBC under one key, and an HMAC-SHA256 under another.
//!
//! ```
//! use std::io::Cursor;
//! use entitlement_graph::intune::content::encrypt::{ContentKeys, encrypt};
//!
//! let keys = ContentKeys::random()?;
//! let mut encrypted = Cursor::new(Vec::new());
//! let profile = encrypt(&b"abc"[..], &mut encrypted, &keys)?;
//! assert_eq!(encrypted.get_ref().len(), 64);
//! assert_eq!(encrypted.get_ref()[..32], profile.mac);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! What is sent is the HMAC, the initialisation vector, and the encrypted bytes; the HMAC covers the latter two.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom, Write};

use aes::Aes256;
use cbc::Encryptor;
use cbc::cipher::{Array, BlockModeEncrypt, KeyIvInit};
use entitlement_core::intune::binary::Binary;
use entitlement_core::intune::content::EncryptionProfile1;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

/// How much stands in front of the encrypted bytes.
pub(super) const HEADER: usize = 32 + 16;
const BLOCK: usize = 16;
/// How much is worked on at a time.
pub(super) const CHUNK: usize = 64 * 1024;

/// The secrets of one encryption. Never use them for two files.
#[derive(Clone, PartialEq, Eq)]
pub struct ContentKeys {
    encryption: [u8; 32],
    mac: [u8; 32],
    vector: [u8; 16],
}

impl ContentKeys {
    /// Fresh ones, from the operating system.
    ///
    /// # Errors
    ///
    /// If that has none to give.
    pub fn random() -> io::Result<Self> {
        let mut keys = Self {
            encryption: [0; 32],
            mac: [0; 32],
            vector: [0; 16],
        };
        for secret in [
            &mut keys.encryption[..],
            &mut keys.mac[..],
            &mut keys.vector[..],
        ] {
            getrandom::fill(secret).map_err(io::Error::other)?;
        }
        Ok(keys)
    }

    /// These: a key for AES, another for the HMAC, and an initialisation vector.
    pub fn from_bytes(encryption: [u8; 32], mac: [u8; 32], vector: [u8; 16]) -> Self {
        Self {
            encryption,
            mac,
            vector,
        }
    }

    pub(super) fn profile(&self, mac: [u8; 32], file_digest: [u8; 32]) -> EncryptionProfile1 {
        EncryptionProfile1 {
            encryption_key: self.encryption,
            mac_key: self.mac,
            initialization_vector: self.vector,
            mac,
            file_digest,
        }
    }
}

impl fmt::Debug for ContentKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContentKeys(redacted)")
    }
}

/// As one base64 text, for checkpoints. It is as secret as the file.
impl Serialize for ContentKeys {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let all = [&self.encryption[..], &self.mac[..], &self.vector[..]].concat();
        Binary::encode(all).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ContentKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = Binary::deserialize(deserializer)?.decode();
        let bytes = bytes.map_err(de::Error::custom)?;
        let parts = bytes
            .split_first_chunk::<32>()
            .and_then(|(encryption, rest)| {
                let (mac, rest) = rest.split_first_chunk::<32>()?;
                Some(Self::from_bytes(*encryption, *mac, rest.try_into().ok()?))
            });
        parts.ok_or_else(|| de::Error::custom("keys have 80 bytes"))
    }
}

/// Encrypts piece by piece; the digest of what goes in is somebody else's work.
pub(super) struct Sealer {
    cipher: Encryptor<Aes256>,
    mac: Hmac<Sha256>,
    /// The beginning of a block whose end has not come yet.
    rest: Vec<u8>,
}

impl Sealer {
    pub(super) fn new(keys: &ContentKeys) -> Self {
        let mut mac = Hmac::<Sha256>::new(&Array::from(hmac_key(&keys.mac)));
        mac.update(&keys.vector);
        Self {
            cipher: Encryptor::new(&keys.encryption.into(), &keys.vector.into()),
            mac,
            rest: Vec::with_capacity(BLOCK),
        }
    }

    /// Appends what comes of `plain` to `out`, in whole blocks.
    pub(super) fn update(&mut self, plain: &[u8], out: &mut Vec<u8>) {
        let begin = out.len();
        out.append(&mut self.rest);
        out.extend_from_slice(plain);
        let whole = (out.len() - begin) / BLOCK * BLOCK;
        self.rest.extend_from_slice(&out[begin + whole..]);
        out.truncate(begin + whole);
        self.seal(&mut out[begin..]);
    }

    /// Appends the last block, filled up, and gives the HMAC.
    pub(super) fn finish(mut self, out: &mut Vec<u8>) -> [u8; 32] {
        let begin = out.len();
        let missing = BLOCK - self.rest.len();
        out.append(&mut self.rest);
        // PKCS#7: as many bytes as are missing, each saying how many; never none.
        let filler = u8::try_from(missing).unwrap_or_default();
        out.resize(begin + BLOCK, filler);
        self.seal(&mut out[begin..]);
        self.mac.finalize().into_bytes().into()
    }

    /// Encrypts whole blocks in place.
    fn seal(&mut self, blocks: &mut [u8]) {
        let (whole, _none) = Array::slice_as_chunks_mut(blocks);
        self.cipher.encrypt_blocks(whole);
        self.mac.update(blocks);
    }
}

/// HMAC fills keys up to the length of its hash's block.
fn hmac_key(key: &[u8; 32]) -> [u8; 64] {
    let mut whole = [0; 64];
    whole[..32].copy_from_slice(key);
    whole
}

/// Encrypts a whole file from one place to another, in constant memory.
///
/// The first 48 bytes are written last, so `to` has to be able to go back.
///
/// # Errors
///
/// If reading or writing fails.
pub fn encrypt(
    mut from: impl Read,
    mut to: impl Write + Seek,
    keys: &ContentKeys,
) -> io::Result<EncryptionProfile1> {
    let begin = to.stream_position()?;
    to.write_all(&[0; HEADER])?;
    let (mut sealer, mut digest) = (Sealer::new(keys), Sha256::new());
    let (mut chunk, mut out) = (vec![0; CHUNK], Vec::with_capacity(CHUNK + BLOCK));
    loop {
        let read = match from.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        digest.update(&chunk[..read]);
        out.clear();
        sealer.update(&chunk[..read], &mut out);
        to.write_all(&out)?;
    }
    out.clear();
    let mac = sealer.finish(&mut out);
    to.write_all(&out)?;
    let end = to.stream_position()?;
    to.seek(SeekFrom::Start(begin))?;
    to.write_all(&mac)?;
    to.write_all(&keys.vector)?;
    to.seek(SeekFrom::Start(end))?;
    Ok(keys.profile(mac, digest.finalize().into()))
}

impl ContentKeys {
    /// What stands in front of the encrypted bytes.
    pub(super) fn header(&self, mac: &[u8; 32]) -> [u8; HEADER] {
        let mut header = [0; HEADER];
        header[..32].copy_from_slice(mac);
        header[32..].copy_from_slice(&self.vector);
        header
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use cbc::cipher::BlockModeDecrypt;
    use entitlement_core::intune::content::encrypted_size;
    use proptest::prelude::*;

    use super::*;

    fn counting<const N: usize>(from: u8) -> [u8; N] {
        let mut next = from;
        [(); N].map(|()| {
            next += 1;
            next - 1
        })
    }

    /// The keys of the documented vectors.
    fn keys() -> ContentKeys {
        ContentKeys::from_bytes(counting(0), counting(0x20), counting(0x40))
    }

    fn sealed(plain: &[u8], keys: &ContentKeys) -> (Vec<u8>, EncryptionProfile1) {
        let mut blob = Cursor::new(Vec::new());
        let profile = encrypt(plain, &mut blob, keys).unwrap();
        (blob.into_inner(), profile)
    }

    fn hex(bytes: &[u8]) -> String {
        use std::fmt::Write as _;
        bytes.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    #[test]
    fn documented_vectors() {
        let (blob, profile) = sealed(b"abc", &keys());
        assert_eq!(
            hex(&profile.mac),
            "f60ba788f8c4de17c878e9e7e0d22e0281f35589a5f81c8b3a2b9e231815b2a2"
        );
        assert_eq!(
            hex(&profile.file_digest),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            hex(&blob),
            format!(
                "{}404142434445464748494a4b4c4d4e4fb55fe5ce8458ef18e570bb8d1252fd9c",
                hex(&profile.mac)
            )
        );
        let (blob, profile) = sealed(b"0123456789abcdef", &keys());
        assert_eq!(blob.len(), 80, "an aligned file gets a block of filling");
        assert_eq!(
            hex(&profile.mac),
            "b48e99b7f4107e5c412a27af62cf2bf764c69f9e3856dee10246fe07ab73d7fb"
        );
        assert_eq!(sealed(b"", &keys()).0.len(), 64);
    }

    #[test]
    fn keys_are_kept_in_checkpoints_and_shown_nowhere() {
        let json = serde_json::to_string(&keys()).unwrap();
        assert_eq!(serde_json::from_str::<ContentKeys>(&json).unwrap(), keys());
        assert!(serde_json::from_str::<ContentKeys>("\"AAAA\"").is_err());
        assert_eq!(format!("{:?}", keys()), "ContentKeys(redacted)");
        assert_ne!(
            ContentKeys::random().unwrap(),
            ContentKeys::random().unwrap()
        );
    }

    proptest! {
        /// However it comes in pieces, it is the same, has the announced length, and can be opened again.
        #[test]
        fn what_is_sealed_can_be_opened(
            plain in prop::collection::vec(any::<u8>(), 0..300),
            cuts in prop::collection::vec(0_usize..300, 0..6),
            secrets in any::<([u8; 32], [u8; 32], [u8; 16])>(),
        ) {
            let keys = ContentKeys::from_bytes(secrets.0, secrets.1, secrets.2);
            let (blob, profile) = sealed(&plain, &keys);
            let length = i64::try_from(plain.len()).unwrap();
            prop_assert_eq!(i64::try_from(blob.len()).unwrap(), encrypted_size(length));

            let mut mac = Hmac::<Sha256>::new_from_slice(&secrets.1).unwrap();
            mac.update(&blob[32..]);
            prop_assert_eq!(&mac.finalize().into_bytes()[..], &blob[..32]);
            prop_assert_eq!(&profile.mac[..], &blob[..32]);
            let mut open = blob[HEADER..].to_vec();
            let (blocks, _) = Array::slice_as_chunks_mut(&mut open);
            cbc::Decryptor::<Aes256>::new(&secrets.0.into(), &secrets.2.into()).decrypt_blocks(blocks);
            let filling = usize::from(*open.last().unwrap());
            prop_assert!((1..=16).contains(&filling));
            open.truncate(open.len() - filling);
            prop_assert_eq!(&open, &plain);
            prop_assert_eq!(profile.file_digest, <[u8; 32]>::from(Sha256::digest(&plain)));

            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(plain.len())).collect();
            cuts.extend([0, plain.len()]);
            cuts.sort_unstable();
            let (mut sealer, mut out) = (Sealer::new(&keys), Vec::new());
            for pair in cuts.windows(2) {
                sealer.update(&plain[pair[0]..pair[1]], &mut out);
            }
            let mac = sealer.finish(&mut out);
            prop_assert_eq!(&out[..], &blob[HEADER..]);
            prop_assert_eq!(&keys.header(&mac)[..], &blob[..HEADER]);
        }
    }
}
