"""authenticatorGetAssertion (CTAP §6.2) and authenticatorGetNextAssertion (CTAP §6.3)."""

from fido2.webauthn import AuthenticatorData

from ceremonies import (
    ERR, GA, HASH, MC, RP_ID, assert_signed, descriptor, get, make, proof, refused, token, user_entity, verified,
)

FLAG = AuthenticatorData.FLAG


def test_a_passkey_signs(ctap):
    made = make(ctap)
    assertion = get(ctap)
    assert_signed(assertion, made)
    assert assertion.auth_data.flags & (FLAG.UP | FLAG.UV | FLAG.AT | FLAG.ED) == FLAG.UP
    assert assertion.user == {"id": user_entity("alice")["id"]}
    assert assertion.number_of_credentials is None


def test_a_passkey_signs_in_the_next_session(ctap, connect):
    made = make(ctap)
    assert_signed(get(connect()), made)


def test_it_signs_for_its_own_rp_alone(ctap):
    made = make(ctap)
    with refused(ERR.NO_CREDENTIALS):
        get(ctap, rp_id="example.org")
    with refused(ERR.NO_CREDENTIALS):
        get(ctap, made, rp_id="example.org")


def test_an_empty_vault_has_no_credentials(ctap):
    with refused(ERR.NO_CREDENTIALS):
        get(ctap)


def test_the_allow_list_chooses(ctap):
    alice, _bob = make(ctap, "alice"), make(ctap, "bob")
    assertion = get(ctap, alice)
    assert_signed(assertion, alice)
    assert assertion.number_of_credentials is None


def test_what_is_not_here_is_passed_over_in_the_allow_list(ctap):
    made = make(ctap)
    unknown = {"type": "public-key", "id": b"\0" * 32}
    assertion = ctap.get_assertion(RP_ID, HASH, [unknown, descriptor(made)])
    assert_signed(assertion, made)
    with refused(ERR.NO_CREDENTIALS):
        ctap.get_assertion(RP_ID, HASH, [unknown])


def test_without_presence_up_is_zero(ctap):
    made = make(ctap)
    assertion = get(ctap, made, options={"up": False})
    assert_signed(assertion, made)
    assert not assertion.auth_data.flags & FLAG.UP


def test_options_that_cannot_be(ctap):
    made = make(ctap)
    with refused(ERR.UNSUPPORTED_OPTION):
        get(ctap, made, options={"rk": True})
    with refused(ERR.INVALID_OPTION):
        get(ctap, made, options={"uv": True})
    assert_signed(get(ctap, made, options={"uv": False, "up": True, "unheard": True}), made)


# --- getNextAssertion ---


def test_of_several_the_newest_comes_first_and_the_rest_follow(pin_ctap):
    made = [make(pin_ctap, name) for name in ("alice", "bob", "carol")]
    first = get(pin_ctap, **verified(pin_ctap, GA))
    assert first.number_of_credentials == 3
    assertions = [first, pin_ctap.get_next_assertion(), pin_ctap.get_next_assertion()]
    for assertion, credential, name in zip(assertions, reversed(made), ("carol", "bob", "alice"), strict=True):
        assert_signed(assertion, credential)
        assert assertion.auth_data.flags & (FLAG.UP | FLAG.UV) == FLAG.UP | FLAG.UV
        assert assertion.user == user_entity(name)
    assert assertions[1].number_of_credentials is None
    with refused(ERR.NOT_ALLOWED):
        pin_ctap.get_next_assertion()


def test_nobody_is_named_to_who_was_not_verified(ctap):
    for name in ("alice", "bob"):
        make(ctap, name)
    for assertion in ctap.get_assertions(RP_ID, HASH):
        assert set(assertion.user) == {"id"}


def test_next_needs_an_assertion_before_it(ctap):
    make(ctap)
    with refused(ERR.NOT_ALLOWED):
        ctap.get_next_assertion()
    get(ctap)
    with refused(ERR.NOT_ALLOWED):
        ctap.get_next_assertion()


def test_any_other_command_ends_the_row(ctap):
    for name in ("alice", "bob", "carol"):
        make(ctap, name)
    get(ctap)
    ctap.get_next_assertion()
    ctap.get_info()
    with refused(ERR.NOT_ALLOWED):
        ctap.get_next_assertion()


# --- user verification ---


def test_with_the_pin_uv_is_set(pin_ctap, protocol):
    made = make(pin_ctap)
    assertion = get(pin_ctap, made, **verified(pin_ctap, GA, protocol=protocol))
    assert_signed(assertion, made)
    assert assertion.auth_data.flags & FLAG.UV


def test_a_token_is_good_for_one_ceremony(pin_ctap):
    make(pin_ctap)
    once = verified(pin_ctap, GA)
    get(pin_ctap, **once)
    with refused(ERR.PIN_AUTH_INVALID):
        get(pin_ctap, **once)


def test_a_look_without_presence_does_not_use_the_token_up(pin_ctap):
    made = make(pin_ctap)
    once = verified(pin_ctap, GA)
    get(pin_ctap, made, options={"up": False}, **once)
    assert_signed(get(pin_ctap, made, **once), made)


def test_a_token_is_for_its_permission_and_its_rp(pin_ctap):
    make(pin_ctap)
    with refused(ERR.PIN_AUTH_INVALID):
        get(pin_ctap, **verified(pin_ctap, MC))
    with refused(ERR.PIN_AUTH_INVALID):
        get(pin_ctap, **verified(pin_ctap, GA, rp_id="example.org"))


def test_the_proof_must_fit(pin_ctap):
    make(pin_ctap)
    pin_token = token(pin_ctap, GA, RP_ID)
    with refused(ERR.PIN_AUTH_INVALID):
        get(pin_ctap, **proof(pin_token, b"\0" * 32))
    with refused(ERR.MISSING_PARAMETER):
        get(pin_ctap, pin_uv_param=b"\0" * 32)
    with refused(ERR.INVALID_PARAMETER):
        get(pin_ctap, pin_uv_param=b"\0" * 32, pin_uv_protocol=3)


def test_an_empty_proof_asks_whether_there_is_a_pin(ctap):
    with refused(ERR.PIN_NOT_SET):
        get(ctap, pin_uv_param=b"", pin_uv_protocol=2)


def test_an_empty_proof_is_wrong_where_there_is_one(pin_ctap):
    with refused(ERR.PIN_INVALID):
        get(pin_ctap, pin_uv_param=b"", pin_uv_protocol=2)
