"""What people type to sign in."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from survey.accounts.passwords import GREATEST_LENGTH


class SignInForm(FlaskForm):  # type: ignore[misc] # Flask-WTF carries no types
    """Address and password; `next` is the page that was asked for."""

    email = EmailField(
        _l("E-mail address"),
        validators=[InputRequired(_l("Type your e-mail address.")), Length(max=254)],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Type your password.")), Length(max=GREATEST_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
