"""What a state means for the customer, in plain words; a panel's own words are never among them."""

from collections.abc import Mapping

from bot.domain.orders import ENDED, OrderState, Reason
from bot.i18n import Html, Money, Translator, join, mark

# Open orders. What is set aside for them stays set aside.
_OPEN: Mapping[OrderState, str] = {
    OrderState.WAITING: mark("We send it as soon as possible. Your money is set aside for it."),
    OrderState.SUBMITTING: mark("We send it as soon as possible. Your money is set aside for it."),
    OrderState.UNCERTAIN: mark(
        "We are making sure that it arrived. Your money is set aside; please do not order the same again until you "
        "hear from us."
    ),
    OrderState.PENDING: mark("It is placed and starts soon."),
    OrderState.IN_PROGRESS: mark("It has started."),
    OrderState.ACTIVE: mark("It is on: new posts are served as they appear."),
    OrderState.PAUSED: mark("It is paused at the moment. Your money stays set aside."),
    OrderState.FAILED: mark("Something went wrong on the way. The shop looks after it; your money stays set aside."),
}

_WAITS_LONGER = mark(
    "It has to wait a little longer than usual, and goes out as soon as possible. Your money is set aside; if it "
    "cannot be sent, all of it comes back to you."
)

_ENDED: Mapping[OrderState, str] = {
    OrderState.COMPLETED: mark("Everything is delivered. Thank you!"),
    OrderState.PARTIAL: mark("It could not be delivered in full."),
    OrderState.CANCELED: mark("It was canceled."),
    OrderState.REFUSED: mark("It could not be taken as it is."),
    OrderState.EXPIRED: mark("Its time is over."),
}

_REASONS: Mapping[tuple[OrderState, Reason], str] = {
    (OrderState.REFUSED, Reason.LINK): mark(
        "The link was not accepted. Please check that it is right, and that what it leads to is public."
    ),
    (OrderState.REFUSED, Reason.QUANTITY): mark(
        "The quantity was not accepted. Please try another one within the limits of the service."
    ),
    (OrderState.REFUSED, Reason.SERVICE): mark("The service is not available right now. Please choose another one."),
    (OrderState.REFUSED, Reason.ACTIVE_LINK): mark(
        "Another order for the same link is still under way. Please order again when it is done."
    ),
    (OrderState.REFUSED, Reason.WAITED): mark("It could not be sent in time. We are sorry!"),
    (OrderState.CANCELED, Reason.CUSTOMER): mark("You took it back before it was sent."),
    (OrderState.CANCELED, Reason.ADMIN): mark("The shop canceled it."),
}


def meaning(t: Translator, state: OrderState, reason: Reason | None, *, whole: bool) -> Html:
    """What has happened to the order. ``whole``: all of its price was earned, as far as one knows."""
    if state is OrderState.WAITING and reason is not None:
        return t.html(_WAITS_LONGER)
    if state in _OPEN:
        return t.html(_OPEN[state])
    if state is OrderState.COMPLETED and not whole:
        return t.html("It has come to its end.")
    known = None if reason is None else _REASONS.get((state, reason))
    return t.html(known or _ENDED[state])


def money_back(t: Translator, state: OrderState, *, held: int, captured: int, refunded: int) -> Html | None:
    """What became of the money of an ended order, in ten-thousandths; None where there is nothing to say."""
    if state not in ENDED:
        return None
    if held:
        return t.html("The shop is working out how much comes back to you. Until then your money stays set aside.")
    if refunded and captured:
        return t.html(
            "{refunded} is back in your wallet; what was delivered cost {captured}.",
            refunded=Money(refunded),
            captured=Money(captured),
        )
    if refunded:
        return t.html("{refunded} is back in your wallet.", refunded=Money(refunded))
    if state is OrderState.COMPLETED:
        return None
    return t.html("Nothing was left to give back.")


def story(t: Translator, state: OrderState, reason: Reason | None, *, held: int, captured: int, refunded: int) -> Html:
    """What has happened, and what became of the money."""
    told = [
        meaning(t, state, reason, whole=not held and not refunded),
        money_back(t, state, held=held, captured=captured, refunded=refunded),
    ]
    return join("\n", [part for part in told if part is not None])
