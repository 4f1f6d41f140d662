"use strict";
(function(){
  var root=document.documentElement;
  function all(selector){return Array.prototype.slice.call(document.querySelectorAll(selector));}
  function choose(lang){root.dataset.lang=lang;root.lang=lang==="zh"?"zh-CN":"en";
    all("[data-zh]").forEach(function(each){
      var said=each.dataset[lang];
      if(each.tagName==="INPUT"){each.placeholder=said;each.setAttribute("aria-label",said);}
      else if(each.tagName==="SELECT"){each.setAttribute("aria-label",said);}
      else if(each.tagName==="OPTGROUP"){each.label=said;}
      else{each.textContent=said;}});}
  var checks=all("details.check").map(function(check){
    return {element:check,text:check.textContent.toLowerCase()};});
  var fields=all("[data-field]"),outcomes=all("[data-filter]"),outcome="",shown=document.getElementById("shown");
  function filter(){
    var number=0;
    checks.forEach(function(check){
      var data=check.element.dataset,fits=!outcome||data.outcome===outcome;
      fields.forEach(function(field){
        var wanted=field.value.trim();
        fits=fits&&(!wanted||(field.dataset.field==="text"
          ?wanted.toLowerCase().split(/\s+/).every(function(word){return check.text.indexOf(word)>=0;})
          :data[field.dataset.field]===wanted));});
      check.element.hidden=!fits;number+=fits;});
    all(".family").forEach(function(family){family.hidden=!family.querySelector("details.check:not([hidden])");});
    outcomes.forEach(function(button){button.setAttribute("aria-pressed",String(button.dataset.filter===outcome));});
    shown.textContent=number+" / "+checks.length;}
  function keep(){
    var asked=new URLSearchParams();
    if(outcome){asked.set("outcome",outcome);}
    fields.forEach(function(field){if(field.value.trim()){asked.set(field.dataset.field,field.value.trim());}});
    try{history.replaceState(null,"","#?"+asked);}catch(error){}
    filter();}
  outcomes.forEach(function(button){button.addEventListener("click",function(){outcome=button.dataset.filter;keep();});});
  fields.forEach(function(field){field.addEventListener("input",keep);});
  function reveal(){
    var name=decodeURIComponent(location.hash.slice(1));
    if(name.charAt(0)==="?"){
      var asked=new URLSearchParams(name.slice(1));
      outcome=asked.get("outcome")||"";
      fields.forEach(function(field){field.value=asked.get(field.dataset.field)||"";});
      filter();document.getElementById("all").scrollIntoView();return;}
    var at=document.getElementById(name);
    if(at&&at.tagName==="DETAILS"){at.hidden=false;at.closest(".family").hidden=false;at.open=true;at.scrollIntoView();}}
  document.getElementById("language").addEventListener("click",function(){choose(root.dataset.lang==="zh"?"en":"zh");});
  document.addEventListener("mouseover",function(event){
    var square=event.target.closest?event.target.closest(".squares a"):null;
    if(square){square.title=square.querySelector("[lang="+root.dataset.lang+"]").textContent;}});
  var opened=[];
  window.addEventListener("beforeprint",function(){
    opened=all("details.more:not([open])").concat(checks.map(function(check){return check.element;}).filter(function(each){
      return !each.open&&!each.hidden&&["failed","warned"].indexOf(each.dataset.outcome)>=0;}));
    opened.forEach(function(each){each.open=true;});});
  window.addEventListener("afterprint",function(){opened.forEach(function(each){each.open=false;});});
  choose((navigator.language||"zh").toLowerCase().indexOf("zh")===0?"zh":"en");
  filter();window.addEventListener("hashchange",reveal);reveal();
})();
