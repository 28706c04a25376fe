"""The C library libfido2, its own HID code included, over reports that ctaphid.py carries.

Nothing is freed but the device: the tests end soon.
"""

from cffi import FFI

LIBRARY = "libfido2.so.1"
DISABLE_U2F_FALLBACK = 0x02
REPORT_ID = 1  # bytes in front of each report that libfido2 writes

# From fido.h, fido/credman.h and fido/config.h: what is used here.
DECLARATIONS = """
typedef ... fido_dev_t; typedef ... fido_cred_t; typedef ... fido_assert_t; typedef ... fido_cbor_info_t;
typedef ... fido_credman_metadata_t; typedef ... fido_credman_rp_t; typedef ... fido_credman_rk_t;
typedef struct {
    void *(*open)(const char *); void (*close)(void *);
    int (*read)(void *, unsigned char *, size_t, int); int (*write)(void *, const unsigned char *, size_t);
} fido_dev_io_t;

void fido_init(int);
const char *fido_strerr(int);

fido_dev_t *fido_dev_new(void);
int fido_dev_set_io_functions(fido_dev_t *, const fido_dev_io_t *);
int fido_dev_open(fido_dev_t *, const char *);
int fido_dev_close(fido_dev_t *);
void fido_dev_free(fido_dev_t **);
bool fido_dev_is_fido2(const fido_dev_t *);
bool fido_dev_has_pin(const fido_dev_t *);
bool fido_dev_supports_credman(const fido_dev_t *);
bool fido_dev_supports_permissions(const fido_dev_t *);
int fido_dev_set_pin(fido_dev_t *, const char *, const char *);
int fido_dev_get_retry_count(fido_dev_t *, int *);
int fido_dev_get_touch_begin(fido_dev_t *);
int fido_dev_get_touch_status(fido_dev_t *, int *, int);
int fido_dev_reset(fido_dev_t *);
int fido_dev_make_cred(fido_dev_t *, fido_cred_t *, const char *);
int fido_dev_get_assert(fido_dev_t *, fido_assert_t *, const char *);
int fido_dev_toggle_always_uv(fido_dev_t *, const char *);
int fido_dev_force_pin_change(fido_dev_t *, const char *);
int fido_dev_set_pin_minlen(fido_dev_t *, size_t, const char *);
int fido_dev_set_pin_minlen_rpid(fido_dev_t *, const char * const *, size_t, const char *);
int fido_dev_largeblob_get(fido_dev_t *, const unsigned char *, size_t, unsigned char **, size_t *);
int fido_dev_largeblob_set(fido_dev_t *, const unsigned char *, size_t, const unsigned char *, size_t, const char *);
int fido_dev_largeblob_remove(fido_dev_t *, const unsigned char *, size_t, const char *);

fido_cbor_info_t *fido_cbor_info_new(void);
int fido_dev_get_cbor_info(fido_dev_t *, fido_cbor_info_t *);
char **fido_cbor_info_versions_ptr(const fido_cbor_info_t *);
size_t fido_cbor_info_versions_len(const fido_cbor_info_t *);
uint64_t fido_cbor_info_minpinlen(const fido_cbor_info_t *);
bool fido_cbor_info_new_pin_required(const fido_cbor_info_t *);

fido_cred_t *fido_cred_new(void);
int fido_cred_set_type(fido_cred_t *, int);
int fido_cred_set_clientdata_hash(fido_cred_t *, const unsigned char *, size_t);
int fido_cred_set_rp(fido_cred_t *, const char *, const char *);
int fido_cred_set_user(fido_cred_t *, const unsigned char *, size_t, const char *, const char *, const char *);
int fido_cred_set_id(fido_cred_t *, const unsigned char *, size_t);
int fido_cred_set_rk(fido_cred_t *, int);
int fido_cred_set_extensions(fido_cred_t *, int);
int fido_cred_set_prot(fido_cred_t *, int);
int fido_cred_set_blob(fido_cred_t *, const unsigned char *, size_t);
int fido_cred_set_pin_minlen(fido_cred_t *, size_t);
int fido_cred_exclude(fido_cred_t *, const unsigned char *, size_t);
int fido_cred_verify_self(const fido_cred_t *);
int fido_cred_prot(const fido_cred_t *);
uint8_t fido_cred_flags(const fido_cred_t *);
const char *fido_cred_user_name(const fido_cred_t *);
const unsigned char *fido_cred_id_ptr(const fido_cred_t *);
size_t fido_cred_id_len(const fido_cred_t *);
const unsigned char *fido_cred_pubkey_ptr(const fido_cred_t *);
size_t fido_cred_pubkey_len(const fido_cred_t *);
const unsigned char *fido_cred_largeblob_key_ptr(const fido_cred_t *);
size_t fido_cred_largeblob_key_len(const fido_cred_t *);

fido_assert_t *fido_assert_new(void);
int fido_assert_set_rp(fido_assert_t *, const char *);
int fido_assert_set_clientdata_hash(fido_assert_t *, const unsigned char *, size_t);
int fido_assert_allow_cred(fido_assert_t *, const unsigned char *, size_t);
int fido_assert_set_extensions(fido_assert_t *, int);
int fido_assert_set_hmac_salt(fido_assert_t *, const unsigned char *, size_t);
int fido_assert_verify(const fido_assert_t *, size_t, int, const void *);
size_t fido_assert_count(const fido_assert_t *);
uint8_t fido_assert_flags(const fido_assert_t *, size_t);
const unsigned char *fido_assert_id_ptr(const fido_assert_t *, size_t);
size_t fido_assert_id_len(const fido_assert_t *, size_t);
const unsigned char *fido_assert_hmac_secret_ptr(const fido_assert_t *, size_t);
size_t fido_assert_hmac_secret_len(const fido_assert_t *, size_t);
const unsigned char *fido_assert_blob_ptr(const fido_assert_t *, size_t);
size_t fido_assert_blob_len(const fido_assert_t *, size_t);

fido_credman_metadata_t *fido_credman_metadata_new(void);
fido_credman_rp_t *fido_credman_rp_new(void);
fido_credman_rk_t *fido_credman_rk_new(void);
int fido_credman_get_dev_metadata(fido_dev_t *, fido_credman_metadata_t *, const char *);
int fido_credman_get_dev_rp(fido_dev_t *, fido_credman_rp_t *, const char *);
int fido_credman_get_dev_rk(fido_dev_t *, const char *, fido_credman_rk_t *, const char *);
int fido_credman_del_dev_rk(fido_dev_t *, const unsigned char *, size_t, const char *);
int fido_credman_set_dev_rk(fido_dev_t *, fido_cred_t *, const char *);
uint64_t fido_credman_rk_existing(const fido_credman_metadata_t *);
size_t fido_credman_rp_count(const fido_credman_rp_t *);
const char *fido_credman_rp_id(const fido_credman_rp_t *, size_t);
size_t fido_credman_rk_count(const fido_credman_rk_t *);
const fido_cred_t *fido_credman_rk(const fido_credman_rk_t *, size_t);
"""

# The public keys, one set of functions for each kind.
PUBLIC_KEY = """
typedef ... {kind}_pk_t;
{kind}_pk_t *{kind}_pk_new(void);
int {kind}_pk_from_ptr({kind}_pk_t *, const void *, size_t);
"""

ffi = FFI()
ffi.cdef(DECLARATIONS)
for kind in ("es256", "es384", "eddsa", "rs256"):
    ffi.cdef(PUBLIC_KEY.format(kind=kind))


def load():
    """The library, or OSError."""
    library = ffi.dlopen(LIBRARY)
    library.fido_init(DISABLE_U2F_FALLBACK)
    return library


def io_over(hid):
    """What libfido2 opens, reads and writes by: the reports of a ctaphid.CtapHid. To be kept as long as the device."""

    def read(_handle, buffer, length, milliseconds):
        report = hid.read(None if milliseconds < 0 else milliseconds / 1000)
        if report is None:
            return -1
        ffi.memmove(buffer, report, length)
        return length

    def write(_handle, buffer, length):
        hid.write(ffi.buffer(buffer, length)[REPORT_ID:])
        return length

    handle = ffi.new_handle(hid)
    functions = {
        "open": ffi.callback("void *(const char *)", lambda _path: handle),
        "close": ffi.callback("void (void *)", lambda _handle: None),
        "read": ffi.callback("int (void *, unsigned char *, size_t, int)", read, error=-1),
        "write": ffi.callback("int (void *, const unsigned char *, size_t)", write, error=-1),
    }
    return ffi.new("fido_dev_io_t *", functions), handle, functions
