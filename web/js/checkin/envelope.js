// Seals a text so that only the server can open it (src/base/envelope.h is the other half).
const PURPOSE = new TextEncoder().encode('check-in 1')

export const toBase64url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
const fromBase64url = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))

/** Whether this browser can: old ones lack X25519. */
export async function canSeal() {
  try {
    await crypto.subtle.generateKey({ name: 'X25519' }, false, ['deriveBits'])
    return true
  } catch {
    return false
  }
}

/** The envelope as base64url. */
export async function seal(serverKey, text) {
  const receiver = fromBase64url(serverKey)
  const peer = await crypto.subtle.importKey('raw', receiver, { name: 'X25519' }, false, [])
  const pair = await crypto.subtle.generateKey({ name: 'X25519' }, false, ['deriveBits'])
  const sender = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  const shared = await crypto.subtle.deriveBits({ name: 'X25519', public: peer }, pair.privateKey, 256)
  const secret = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveBits'])
  const salt = new Uint8Array([...sender, ...receiver])
  const bits = new Uint8Array(await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info: PURPOSE }, secret, 44 * 8))
  const key = await crypto.subtle.importKey('raw', bits.subarray(0, 32), 'AES-GCM', false, ['encrypt'])
  const cipher = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: bits.subarray(32) }, key, new TextEncoder().encode(text))
  return toBase64url(new Uint8Array([1, ...sender, ...new Uint8Array(cipher)]))
}
