"""The patients' way in: ask for a code, type it. allauth's pages, on our own codes."""

from typing import Any

from allauth.account.utils import passthrough_next_redirect_url
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import FormView

from accounts import texts
from patients import codes, services
from patients.forms import RequestCodeForm


class AskForCode(RequestLoginCodeView):
    """Send a code to a known email address or number; the answer is the same for any other."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"by_text": texts.are_on()}

    def form_valid(self, form: RequestCodeForm) -> HttpResponse:
        codes.begin(
            request=self.request,
            user=form.user,
            email=form.email,
            phone=form.phone,
            clinics=services.clinics_of(user=form.user) if form.phone else (),
        )
        return FormView.form_valid(self, form)


class TypeCode(ConfirmLoginCodeView):
    """Take the code, or send a new one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        typed = self.stage.state.get("asked_by") == "typed"
        to = context["email"] or context["phone"]
        return context | {"to": to if typed else "", "by_text": bool(context["phone"])}

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        codes.Codes(self.stage).resend()
        onward = passthrough_next_redirect_url(
            self.request, reverse("account_confirm_login_code"), REDIRECT_FIELD_NAME
        )
        return redirect(onward)


ask_for_code = AskForCode.as_view()
type_code = TypeCode.as_view()
