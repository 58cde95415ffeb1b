"""An authority and what it signs, made by openssl(1) for one run of the tests."""

import ssl
import subprocess


def openssl(*arguments, **options):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=20, **options)


class Pair:
    """A certificate and its key."""

    def __init__(self, folder, name):
        self.certificate = folder / f"{name}.pem"
        self.key = folder / f"{name}.key"

    @property
    def options(self):
        return ("--tls-cert", str(self.certificate), "--tls-key", str(self.key))

    @property
    def fingerprint(self):
        return openssl("x509", "-in", self.certificate, "-noout", "-fingerprint", "-sha256").stdout.decode(
        ).strip().split("=")[1]

    def replace_by(self, other):
        """What an operator does: certificate, then key, each at once."""
        for mine, theirs in ((self.certificate, other.certificate), (self.key, other.key)):
            fresh = mine.with_suffix(".new")
            fresh.write_bytes(theirs.read_bytes())
            fresh.chmod(0o600)
            fresh.rename(mine)


class Authority:
    def __init__(self, folder):
        self.folder = folder
        self.own = Pair(folder, "authority")
        self._key(self.own)
        openssl("req", "-x509", "-new", "-key", self.own.key, "-subj", "/CN=Test authority", "-days", "2",
                "-addext", "keyUsage=critical,keyCertSign", "-out", self.own.certificate)
        self.bundle = str(self.own.certificate)

    def _key(self, pair, kind=("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")):
        openssl("genpkey", *kind, "-out", pair.key)
        pair.key.chmod(0o600)

    def issue(self, name, *hosts, subject=None, usage="serverAuth", folder=None, rsa=False, days=2):
        """For `hosts`: names, or addresses with `IP:` in front."""
        pair = Pair(folder or self.folder, name)
        kind = ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048") if rsa else None
        self._key(pair, *([kind] if kind else []))
        request = pair.certificate.with_suffix(".csr")
        extensions = pair.certificate.with_suffix(".ext")
        names = ",".join(host if ":" in host else f"DNS:{host}" for host in hosts)
        extensions.write_text(f"extendedKeyUsage={usage}\n" + (f"subjectAltName={names}\n" if names else ""))
        openssl("req", "-new", "-utf8", "-key", pair.key, "-subj", subject or f"/CN={name}", "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.own.certificate, "-CAkey", self.own.key,
                "-CAcreateserial", "-days", str(days), "-extfile", extensions, "-out", pair.certificate)
        return pair

    def context(self, client=None, **versions):
        """A client that trusts this authority."""
        context = ssl.create_default_context(cafile=self.bundle)
        if client:
            context.load_cert_chain(client.certificate, client.key)
        for name, version in versions.items():
            setattr(context, name, version)
        return context
