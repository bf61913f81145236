package login

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// signingKey signs ID tokens by ES256 (RFC 7518).
type signingKey struct {
	private *ecdsa.PrivateKey
	id      string
}

// openKey reads the key in a folder, or makes one.
func openKey(dir string) (*signingKey, error) {
	path := filepath.Join(dir, "login.key")
	der, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		der, err = makeKey(path)
	}
	if err != nil {
		return nil, fmt.Errorf("sandbox login: %w", err)
	}
	private, err := x509.ParseECPrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("sandbox login: %s: %w", path, err)
	}
	sum := sha256.Sum256(der)
	return &signingKey{private, base64.RawURLEncoding.EncodeToString(sum[:6])}, nil
}

func makeKey(path string) ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	return der, os.WriteFile(path, der, 0o600)
}

// sign makes a JSON web token (RFC 7519).
func (k *signingKey) sign(claims map[string]any) (string, error) {
	head, err := json.Marshal(map[string]string{"alg": "ES256", "typ": "JWT", "kid": k.id})
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, k.private, sum[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// set is the public key as a JSON web key set (RFC 7517).
func (k *signingKey) set() map[string]any {
	point, err := k.private.PublicKey.Bytes() // 4, then x and y
	if err != nil {
		panic(fmt.Sprintf("sandbox login: %v", err)) // it is a point of P-256
	}
	return map[string]any{"keys": []map[string]string{{
		"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": k.id,
		"x": base64.RawURLEncoding.EncodeToString(point[1:33]), "y": base64.RawURLEncoding.EncodeToString(point[33:]),
	}}}
}
