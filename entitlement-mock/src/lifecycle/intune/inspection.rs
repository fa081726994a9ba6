//! What Intune makes of a file that was sent: it is decrypted, and held against what was said of it.

use aes::Aes256;
use cbc::cipher::{Array, BlockModeDecrypt, KeyIvInit};
use entitlement_core::intune::binary::Binary;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::world::intune::content::{AppFile, Stored};

const MAC: usize = 32;
const HEADER: usize = MAC + 16;
const BLOCK: usize = 16;

/// Says what is wrong with a file, in words for whoever reads them in a test.
pub(super) fn inspect(file: &AppFile) -> Result<(), String> {
    let blob = match &file.stored {
        Stored::Blocks(blocks) => {
            let blocks: Vec<&[u8]> = blocks.iter().map(|block| block.0.as_ref()).collect();
            blocks.concat()
        }
        Stored::InOnePiece => return Err("it was put there in one piece, not in blocks".to_owned()),
        Stored::Nothing | Stored::Taken => return Err("nothing is in the storage".to_owned()),
    };
    let info = file.encryption.as_ref();
    let info = info.ok_or("nothing is known of its encryption")?;
    for (name, value, expected) in [
        (
            "profileIdentifier",
            &info.profile_identifier,
            "ProfileVersion1",
        ),
        ("fileDigestAlgorithm", &info.file_digest_algorithm, "SHA256"),
    ] {
        if value.as_deref() != Some(expected) {
            return Err(format!("{name} is {value:?}, not {expected}"));
        }
    }
    let key: [u8; 32] = bytes("encryptionKey", info.encryption_key.as_ref())?;
    let mac_key: [u8; 32] = bytes("macKey", info.mac_key.as_ref())?;
    let vector: [u8; 16] = bytes("initializationVector", info.initialization_vector.as_ref())?;
    let mac: [u8; MAC] = bytes("mac", info.mac.as_ref())?;
    let digest: [u8; 32] = bytes("fileDigest", info.file_digest.as_ref())?;

    if i64::try_from(blob.len()) != Ok(file.size_encrypted) {
        return Err(format!(
            "{} bytes are in the storage, and sizeEncrypted is {}",
            blob.len(),
            file.size_encrypted
        ));
    }
    let (Some((own_mac, signed)), Some(encrypted)) =
        (blob.split_at_checked(MAC), blob.get(HEADER..))
    else {
        return Err("it is too short to have an HMAC and a vector".to_owned());
    };
    if own_mac != mac {
        return Err("it does not begin with the HMAC that was committed".to_owned());
    }
    if signed.get(..HEADER - MAC) != Some(&vector[..]) {
        return Err("the vector that was committed does not follow the HMAC".to_owned());
    }
    let own = Hmac::<Sha256>::new_from_slice(&mac_key);
    let mut own = own.map_err(|error| format!("macKey: {error}"))?;
    own.update(signed);
    if own.verify(&mac.into()).is_err() {
        return Err("the HMAC is not that of the vector and the encrypted bytes".to_owned());
    }
    let plain = decrypt(encrypted, key, vector)?;
    if i64::try_from(plain.len()) != Ok(file.size) {
        return Err(format!(
            "it has {} bytes when it is decrypted, and size is {}",
            plain.len(),
            file.size
        ));
    }
    if Sha256::digest(&plain)[..] != digest {
        return Err("the digest of what is decrypted is another one".to_owned());
    }
    Ok(())
}

fn decrypt(encrypted: &[u8], key: [u8; 32], vector: [u8; 16]) -> Result<Vec<u8>, String> {
    if encrypted.is_empty() || !encrypted.len().is_multiple_of(BLOCK) {
        return Err(format!(
            "{} encrypted bytes are no whole blocks",
            encrypted.len()
        ));
    }
    let mut plain = encrypted.to_vec();
    let (blocks, _) = Array::slice_as_chunks_mut(&mut plain);
    cbc::Decryptor::<Aes256>::new(&key.into(), &vector.into()).decrypt_blocks(blocks);
    let filling = plain.last().copied().unwrap_or_default();
    let keeps = plain.len().saturating_sub(usize::from(filling));
    let is_filled = (1..=BLOCK).contains(&usize::from(filling))
        && plain.iter().skip(keeps).all(|byte| *byte == filling);
    if !is_filled {
        return Err(
            "it does not end as PKCS#7 has it when it is decrypted: another key?".to_owned(),
        );
    }
    plain.truncate(keeps);
    Ok(plain)
}

fn bytes<const N: usize>(name: &str, value: Option<&Binary>) -> Result<[u8; N], String> {
    let value = value.ok_or_else(|| format!("{name} is missing"))?;
    let bytes = value.decode().map_err(|error| format!("{name}: {error}"))?;
    let length = bytes.len();
    bytes
        .try_into()
        .map_err(|_other_length| format!("{name} has {length} bytes, not {N}"))
}
