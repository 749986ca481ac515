// Invented people whose numbers are right: the product checks them.

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** GB 11643 with its check character. `order` is odd for men, even for women. */
export function idNumber(birthday, order, division = "341823") {
  const digits = `${division}${birthday}${String(order).padStart(3, "0")}`;
  const sum = [...digits].reduce((total, digit, place) => total + Number(digit) * WEIGHTS[place], 0);
  return digits + "10X98765432"[sum % 11];
}

/** A bank account that passes Luhn. */
export function account(digits) {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return digits + ((10 - (sum % 10)) % 10);
}

export const OLD = { name: "吴秀英", id: idNumber("19430312", 212), phone: "13956320476", address: "枫河镇杨村三组 12 号" };
export const DAUGHTER = { name: "周明霞", id: idNumber("19680520", 154), phone: "13856321188", relation: "女儿" };
export const DISABLED = { name: "孙玉梅", id: idNumber("19790908", 326), phone: "13756320011", address: "枫河镇杨村一组 3 号" };
export const FARMER = { name: "李建国", id: idNumber("19700101", 117), phone: "13656320022", address: "枫河镇杨村二组 8 号" };
export const TENANT = { name: "王桂兰", id: idNumber("19810615", 248), phone: "13556320033", address: "枫河镇杨村五组 21 号" };
export const YOUNG = { name: "陈小芳", id: idNumber("19990909", 188), phone: "13456320044", address: "枫河镇杨村四组 6 号" };
