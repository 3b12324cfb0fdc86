suppressMessages(library(surveillance))
set.seed(581)
dates <- seq(as.Date("2019-01-07"), by="week", length.out=330)
tt <- seq_along(dates); doy <- as.numeric(format(dates,"%j"))
mk <- function(mu, phi) if (phi>1) rnbinom(length(mu), size=mu/(phi-1), prob=1/phi) else rpois(length(mu), mu)
S <- list(
 plain = mk(rep(6,330),1),
 season = mk(exp(log(8)+.6*cos(2*pi*(doy-200)/365)),2),
 trend = mk(exp(log(4)+.004*tt),1.5),
 low = mk(rep(.8,330),1.3),
 summer = mk(exp(log(2)+2.5*cos(2*pi*(doy-190)/365)),1.2),
 outbreak = mk(rep(5,330),2),
 big = mk(exp(log(60)+.3*sin(2*pi*doy/365)-.001*tt),3),
 zero = rep(0,330))
S$outbreak[c(150:156)] <- S$outbreak[150:156]+25; S$outbreak[328] <- 40
S$season[c(100,101,102)] <- NA
m <- do.call(cbind,S)
obj <- sts(observed=m, epoch=dates, epochAsDate=TRUE, frequency=52, start=c(2019,2))
run <- function(trend,b,np,meth,range) suppressWarnings(farringtonFlexible(obj, control=list(range=range,b=b,w=3,reweight=TRUE,weightsThreshold=2.58,trend=trend,pThresholdTrend=1,noPeriods=np,pastWeeksNotIncluded=26,thresholdMethod="nbPlugin",alpha=0.001,limit54=c(0,4),glmWarnings=FALSE)))
out <- NULL
for (cfg in list(list("trend5",TRUE,5,10),list("level5",FALSE,5,10),list("trend3",TRUE,3,10),list("noseason",TRUE,4,1))) {
  rg <- c(285,300,313,328,330)
  for (k in rg) { r <- run(cfg[[2]],cfg[[3]],cfg[[4]],NULL,k); i <- 1
  for (j in seq_along(S)) out <- rbind(out, data.frame(setting=cfg[[1]],series=names(S)[j],week=k-1,expected=r@control$expected[i,j],upper=r@upperbound[i,j],phi=r@control$phiVector[i,j],p=r@control$pvalue[i,j],trend=r@control$trendVector[i,j])) }
}
write.csv(data.frame(date=dates,m),"counts.csv",row.names=FALSE)
write.csv(format(out,digits=12),"farringtonflexible.csv",row.names=FALSE,quote=FALSE)
