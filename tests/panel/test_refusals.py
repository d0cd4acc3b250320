"""What panels say when they refuse, and what it is about."""

import pytest

from bot.domain.outcomes import RefusalKind
from bot.panel.refusals import classify

WORDS = {
    RefusalKind.FUNDS: [
        "Not enough funds on balance",
        "not_enough_funds",
        "neworder.error.not_enough_funds",
        "NotEnoughFunds",
        "Insufficient balance",
        "You don't have enough balance for this order",
        "Low balance, please top up",
        "Недостаточно средств на балансе",
        "Пополните баланс",
        "Yetersiz bakiye",
        "YETERSİZ BAKİYE",
        "Bakiyeniz bu sipariş için yetersiz",
        "Fondos insuficientes",
        "Saldo insuficiente para realizar el pedido",
        "Saldo insuficiente",
        "رصيدك غير كافي",
        "الرصيد لا يكفي لإتمام الطلب",
    ],
    RefusalKind.KEY: [
        "Invalid API key",
        "error.incorrect_api_key",
        "Incorrect key",
        "INVALID_KEY",
        "Unauthenticated.",
        "Unauthorized",
        "Неверный API ключ",
        "Geçersiz API anahtarı",
        "Clave API incorrecta",
        "Chave de API inválida",
        "مفتاح غير صحيح",
    ],
    RefusalKind.ACCOUNT: [
        "Your IP is not allowed",
        "IP address 203.0.113.7 is not whitelisted",
        "Your account is suspended",
        "User is blocked",
        "API is disabled",
        "API is under maintenance",
        "Access denied",
        "Too many requests",
        "Ваш аккаунт заблокирован",
        "Доступ запрещён",
        "Hesabınız askıya alındı",
        "Su cuenta ha sido suspendida",
        "Sua conta foi bloqueada",
        "Acceso denegado",
        "تم حظر حسابك",
    ],
    RefusalKind.ACTIVE_LINK: [
        "You have active order with this link. Please wait until order being completed.",
        "neworder.error.active_order",
        "There is already an order for this link",
        "Duplicate order",
        "У вас уже есть активный заказ с этой ссылкой",
        "Bu link için aktif bir siparişiniz var",
        "Ya tienes un pedido activo con este enlace",
        "Você já tem um pedido ativo para este link",
        "لديك طلب نشط بهذا الرابط",
    ],
    RefusalKind.SERVICE: [
        "Incorrect service ID",
        "neworder.error.incorrect_service_id",
        "neworder.error.service",
        "Service not found",
        "Service is currently disabled",
        "This service is under maintenance",
        "Неверный ID услуги",
        "Geçersiz servis",
        "Servicio no encontrado",
        "Serviço inválido",
        "الخدمة غير متوفرة",
    ],
    RefusalKind.QUANTITY: [
        "Quantity less than minimal 10",
        "neworder.error.min_quantity",
        "Quantity is too low for this service",
        "Minimum is 50",
        "Max 1000",
        "Количество меньше минимального",
        "Miktar çok düşük",
        "Cantidad inferior al mínimo",
        "Quantidade menor que o mínimo",
        "الكمية أقل من الحد الأدنى",
    ],
    RefusalKind.LINK: [
        "Bad link",
        "Invalid URL",
        "neworder.error.link",
        "Link is not valid for this service",
        "Account is private",
        "Your account is private, please make it public",
        "Неверная ссылка",
        "Закрытый аккаунт",
        "Geçersiz bağlantı",
        "Enlace no válido",
        "Perfil privado",
        "الرابط غير صحيح",
    ],
    RefusalKind.ORDER: [
        "Incorrect order ID",
        "Comments are required",
        "Keywords are missing",
        "Interval must be given",
        "Заказ не найден",
        "Anahtar kelime gerekli",
        "Faltan palabras clave",
    ],
    RefusalKind.UNKNOWN: ["", "Something went wrong", "E-105", "Ошибка", "خطأ", "💥"],
}


@pytest.mark.parametrize(("kind", "words"), [(kind, words) for kind in WORDS for words in WORDS[kind]])
def test_a_refusal_is_told_by_its_words(kind: RefusalKind, words: str) -> None:
    assert classify(words) is kind


def test_every_kind_has_words() -> None:
    assert set(WORDS) == set(RefusalKind)
